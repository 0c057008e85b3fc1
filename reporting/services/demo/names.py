"""Common given and family names, with their Latin spelling for addresses of e-mail."""

ENGLISH_GIVEN = (
    "Aoife Amelia Alice Anna Arthur Ava Benjamin Bridget Callum Charlotte Chloe Ciara Clara "
    "Conor Daniel Darragh Declan Edward Eleanor Ella Emily Emma Eoin Eva Fiona Finn Freya "
    "George Grace Hannah Harry Hazel Helen Henry Isla Jack James Jane Joseph Julia Kate Kevin "
    "Laura Leah Leo Liam Lily Lucy Luke Maeve Margaret Martha Matthew Mia Michael Molly Nathan "
    "Niamh Noah Nora Olivia Oscar Owen Patrick Paula Peter Philip Rachel Rebecca Robert Ronan "
    "Rory Rose Ruth Ryan Samuel Sarah Sean Simon Sophie Stella Theo Thomas Tessa Una Victoria "
    "Violet William Zoe"
)

ENGLISH_FAMILY = (
    "Adams Allen Bailey Baker Barry Bell Bennett Boyle Brady Brennan Brooks Burke Byrne "
    "Carroll Carter Clarke Collins Connolly Cooper Cullen Daly Davies Dempsey Doherty Dolan "
    "Doyle Duffy Dunne Edwards Farrell Fisher Fitzgerald Flynn Foster Fox Gallagher Gibson "
    "Gray Griffin Hall Harris Hayes Healy Higgins Hogan Hughes Hunt Johnston Kane Keane Kelly "
    "Kennedy King Lambert Lawlor Lynch Maguire Mahon Martin McCarthy McGrath Miller Mooney "
    "Moore Moran Morgan Morris Murphy Nolan Power Price Quinn Redmond Reilly Roche Ryan Scott "
    "Sheehan Smyth Stone Sweeney Taylor Tobin Turner Walsh Ward Watson Whelan White Wilson "
    "Woods Wright Young"
)

TURKISH_GIVEN = (
    "Ahmet Ali Alper Aslı Ayla Ayşe Ayşegül Barış Başak Berk Betül Bora Burak Burcu Büşra Can "
    "Cansu Cem Ceren Çağla Çiğdem Defne Deniz Derya Dilek Ebru Ece Efe Elif Emine Emre Eren "
    "Esra Eylül Fatma Gizem Gökhan Gül Gülşen Güneş Hakan Hale Hasan Hatice Hülya Hüseyin "
    "Ilgın Irmak İbrahim İlayda İpek İsmail Kaan Kemal Kerem Leyla Levent Mehmet Melis Mert "
    "Merve Murat Mustafa Nazlı Nihan Nilüfer Okan Onur Orhan Ömer Özge Özlem Pelin Pınar Rana "
    "Selin Selim Serkan Sevgi Sibel Sinem Şebnem Şule Tolga Tuğba Tuna Umut Ümit Volkan "
    "Yasemin Yağmur Yiğit Yusuf Zehra Zeynep"
)

TURKISH_FAMILY = (
    "Acar Akbaş Akın Aksoy Aktaş Altın Arslan Atalay Avcı Aydın Bayrak Bilgin Bozkurt Bulut "
    "Can Ceylan Çakır Çelik Çetin Çiftçi Coşkun Demir Demirci Doğan Duman Duran Durmaz Ekinci "
    "Erdem Ergin Eroğlu Ersoy Genç Gök Güler Gündüz Güneş Güven Işık Kahraman Kaplan Kara "
    "Karaca Karakaş Kaya Keskin Kılıç Koç Korkmaz Köse Kurt Kuş Öz Özcan Özdemir Özer Özkan "
    "Öztürk Polat Sağlam Sarı Savaş Şahin Şen Şimşek Tan Taş Tekin Tunç Turan Türk Uçar Uğur "
    "Uysal Uzun Ünal Yalçın Yaman Yavuz Yıldırım Yıldız Yılmaz Yiğit Yücel Yüksel Zengin"
)

PERSIAN_GIVEN = (
    "آرش arash،آرزو arezoo،آزاده azadeh،آیدا ayda،احسان ehsan،احمد ahmad،اشکان ashkan،"
    "افسانه afsaneh،الناز elnaz،الهام elham،الهه elaheh،امید omid،امیر amir،امین amin،"
    "بابک babak،بهار bahar،بهاره bahareh،بهرام bahram،بهناز behnaz،پدرام pedram،پرستو parastoo،"
    "پروانه parvaneh،پریسا parisa،پژمان pejman،پگاه pegah،پویا pooya،پیمان peyman،"
    "ترانه taraneh،حامد hamed،حسین hossein،حمید hamid،داریوش dariush،رامین ramin،رضا reza،"
    "رؤیا roya،ریحانه reyhaneh،زهرا zahra،زهره zohreh،ژاله jaleh،سارا sara،سامان saman،"
    "ساناز sanaz،سپیده sepideh،سحر sahar،سعید saeed،سمانه samaneh،سمیرا samira،سهیلا soheila،"
    "سیما sima،سینا sina،شادی shadi،شاهین shahin،شبنم shabnam،شقایق shaghayegh،شهرام shahram،"
    "شیدا sheida،شیرین shirin،شیما shima،صبا saba،طاهره tahereh،عاطفه atefeh،علی ali،"
    "غزاله ghazaleh،غزل ghazal،فاطمه fatemeh،فرزاد farzad،فرزانه farzaneh،فرشته fereshteh،"
    "فرناز farnaz،فرهاد farhad،فریبا fariba،کامران kamran،کاوه kaveh،کیانا kiana،کیوان keyvan،"
    "گلناز golnaz،لادن ladan،لاله laleh،لیلا leila،مائده maedeh،مجید majid،محسن mohsen،"
    "محمد mohammad،مرجان marjan،مریم maryam،مژگان mojgan،معصومه masoumeh،ملیکا melika،"
    "منیژه manijeh،مهدی mahdi،مهسا mahsa،مهناز mahnaz،مهران mehran،مینا mina،نادر nader،"
    "ناهید nahid،نرگس narges،نسترن nastaran،نسرین nasrin،نگار negar،نگین negin،نوید navid،"
    "نیلوفر niloofar،نیما nima،هادی hadi،هانیه haniyeh،هدی hoda،هومن hooman،یاسمن yasaman،"
    "یلدا yalda"
)

PERSIAN_FAMILY = (
    "آقایی aghaei،ابراهیمی ebrahimi،احمدی ahmadi،اسدی asadi،اسماعیلی esmaeili،اکبری akbari،"
    "امیری amiri،امینی amini،انصاری ansari،ایزدی izadi،باقری bagheri،بهرامی bahrami،"
    "پاکزاد pakzad،پورمحمدی pourmohammadi،ترابی torabi،تقوی taghavi،توکلی tavakkoli،"
    "جعفری jafari،جمشیدی jamshidi،حسینی hosseini،حیدری heydari،خسروی khosravi،داوودی davoodi،"
    "درویشی darvishi،دهقان dehghan،ذوالفقاری zolfaghari،راد rad،رحمانی rahmani،رحیمی rahimi،"
    "رستمی rostami،رضوی razavi،زارعی zarei،زمانی zamani،سعیدی saeedi،سلطانی soltani،"
    "سلیمانی‌فر soleimanifar،شریفی sharifi،شفیعی shafiei،صادقی sadeghi،صالحی salehi،"
    "صفایی safaei،طاهری taheri،عباسی abbasi،عزیزی azizi،علوی alavi،فتحی fathi،فرجی faraji،"
    "فرهادی‌نیا farhadinia،قاسمی ghasemi،قربانی ghorbani،کاظمی kazemi،کرمی karami،کریمی karimi،"
    "کیانی kiani،گلزاری golzari،لطفی lotfi،محبی mohebbi،محمودی mahmoudi،مرادی moradi،"
    "مقدم moghaddam،ملکی maleki،منصوری mansouri،موسوی mousavi،مهدوی mahdavi،میرزایی mirzaei،"
    "نادری naderi،نجفی najafi،نظری nazari،نعمتی nemati،نوروزی norouzi،نیک‌پور nikpour،"
    "وحیدی vahidi،هاشمی hashemi،همتی hemmati،یزدانی yazdani،یوسفی yousefi"
)

_ASCII = str.maketrans("çÇğĞıİöÖşŞüÜ", "cCgGiIoOsSuU")


def latin(text: str) -> tuple[tuple[str, str], ...]:
    """Names in Latin letters with blanks between them, each with its plain ASCII form."""
    return tuple((name, name.translate(_ASCII).lower()) for name in text.split())


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Read `name latin،name latin`."""
    found = []
    for entry in text.split("،"):
        name, _, spelling = entry.rpartition(" ")
        found.append((name, spelling))
    return tuple(found)
