"""The samples in Turkish."""

import pytest
from django.utils import translation

from tests.campaigns.sentences.samples import SAMPLES

EXPECTED = {
    "at least": "Sipariş tutarı en az 50,00 EUR olmalı.",
    "segment": "Müşteri VIP veya Gold segmentinde olmalı.",
    "not in a segment": "Müşteri VIP veya Gold segmentinde olmamalı.",
    "city": "Müşterinin şehri “London”, “Paris” veya “Rome” olmalı.",
    "no coupon in 6 months": "Müşteri son 6 ay içinde hiçbir avantaj kullanmamış olmalı.",
    "spent this year": "Müşterinin bu yıl yaptığı harcama 1.000,00 EUR üzerinde olmalı.",
    "days of the week": "Kullanım zamanı Pazartesi veya Cumartesi günü olmalı.",
    "hours of days": "Kullanım zamanı Salı ve Çarşamba günleri 18:00 ile 20:00 arasında olmalı.",
    "metadata, negated": "Siparişin “weather” alanı “rain” olmamalı veya değeri bilinmemeli.",
    "or": (
        "(Sipariş tutarı en az 50,00 EUR olmalı ve müşteri VIP veya Gold segmentinde olmalı) "
        "veya siparişin “weather” alanı “rain” olmalı."
    ),
    "product or collection": "Siparişte Tea veya Summer koleksiyonundan bir ürün olmalı.",
    "three units": "Siparişte en az 3 adet Tea olmalı.",
    "product with a condition": "Siparişte Tea olmalı (ürünün “color” alanı “red” olmalı).",
    "every product": "Siparişteki her ürün için birim fiyat 4,00 EUR altında olmalı.",
    "once per customer": "Müşteri başına en fazla 1 kullanım.",
    "percent with a cap": "%12,5 indirim, en fazla 2.000,00 EUR",
    "amount off each unit": "seçilen ürünlerin her adedinde 5,00 EUR indirim",
    "units": "2 adet daha Tea ücretsiz",
    "free shipping": "ücretsiz kargo",
    "formula": "sipariş tutarı esas alınarak hesaplanır, aksi hâlde %10 indirim",
    "dates": "Geçerlilik: 1 May 2026 09:00 – 31 May 2026 gün sonu (saat dilimi Europe/Berlin).",
    "frame": "Yalnızca her 2 günde bir 1 saat ve 30 dakika boyunca geçerlidir.",
    "hours": "Yalnızca 18:00 ile gün sonu arasında geçerlidir.",
    "holidays": "Şu tarihlerde geçerli değildir: 21 Mar 2026.",
    "products": (
        "İndirim yalnızca şunlar içindir: Tea ve Summer koleksiyonu. Summer koleksiyonu: "
        "tanesi 5,00 EUR."
    ),
    "bundle": (
        "Siparişte şu paket olmalı: 2 adet Tea. İndirim her paket için verilir, en fazla 3 kez."
    ),
    "limit per day": "Günde en fazla 500 kullanım (kampanya genelinde).",
    "limit per customer": "Müşteri başına en fazla 2 kullanım.",
    "budget": "En fazla 1.000,00 EUR indirim (Marketing bütçesi).",
    "margin": (
        "Hiçbir ürün, maliyetine %10 ve adet başına 1,00 EUR eklenen tutarın altında satılmaz."
    ),
    "not started": "Henüz başlamadı; başlangıç: 1 May 2026 09:00.",
    "used up": "5 kullanım hakkından 5 tanesi kullanıldı.",
    "left out": "Bir siparişe en fazla 5 avantaj uygulanabilir.",
    "8.00 more": "Siparişe 8,00 EUR daha ekleyin.",
    "several changes": "2 adet Tea ekleyin ve Spring kullanmayın.",
    "take out": "Tea kalemini siparişten çıkarın.",
    "from Monday 09:00": "Pazartesi 09:00 itibarıyla kullanın.",
}


@pytest.mark.requirement(64, 78, 197)
@pytest.mark.parametrize("name", SAMPLES)
def test_reads_as_turkish_does(name):
    with translation.override("tr"):
        assert SAMPLES[name]() == EXPECTED[name]
