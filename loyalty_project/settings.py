"""All settings, from the environment. Without any variable: the embedded demo in `var/`."""

import logging
from pathlib import Path
from typing import Any

import environ

from loyalty_project import logs
from loyalty_project.core import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("WAFA_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
EMBEDDED = not env.str("DATABASE_URL", default="")
DEBUG = env.bool("DEBUG", default=False)
TESTING = env.bool("WAFA_TESTING", default=False)
SECRET_KEY = (
    env.str("SECRET_KEY", default=embedded.secret_key(DATA_DIR))
    if EMBEDDED
    else env.str("SECRET_KEY")
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if EMBEDDED else ["localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")

INSTALLED_APPS = [
    "loyalty_project.core",
    "customers",
    "rewards",
    "campaigns",
    "redemptions",
    "reporting",
    "loyalty_project.core.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "rest_framework",
    "django_filters",
    "guardian",
    "simple_history",
    "import_export",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
    "csp",
]

MIDDLEWARE = [
    "loyalty_project.core.monitoring.MetricsMiddleware",
    "loyalty_project.core.middleware.RequestIdMiddleware",
    "loyalty_project.core.api_calls.ApiCallMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "loyalty_project.core.middleware.RawPathMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "loyalty_project.core.sessions.SessionLimitMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "loyalty_project.core.cors.ClientCorsMiddleware",
    "loyalty_project.core.middleware.ProjectMiddleware",
    "loyalty_project.core.person.PersonMiddleware",
    "loyalty_project.core.second_factor.SecondFactorMiddleware",
    "loyalty_project.core.middleware.ThrottleMiddleware",
    "loyalty_project.core.request_log.RequestLogMiddleware",
]

ROOT_URLCONF = "loyalty_project.urls"
WSGI_APPLICATION = None
APPEND_SLASH = True

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "loyalty_project.core.admin.frame.frame",
            ],
        },
    },
]

DATABASE_URL = env.str("DATABASE_URL", default="") or embedded.database_url(DATA_DIR)
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
LOCK_TIMEOUT_MS = 3000
DATABASES["default"]["OPTIONS"] = {
    "options": f"-c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout=60000"
    " -c idle_in_transaction_session_timeout=60000",
    "application_name": env.str("WAFA_PROCESS", default="wafa"),
}
if env.bool("DATABASE_POOL", default=False):
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 8, "timeout": 5}
elif not TESTING:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = env.str("CACHE_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        # In seconds; calls go on without a cache that does not answer.
        "OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.2},
    }
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="") or embedded.broker_url(DATA_DIR)

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "loyalty_project.core.access.MembershipBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
LOGIN_URL = "admin:login"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# Built-in roles of people: dotted path to {role: [permission, …]}, known above the apps.
WAFA_ROLES = "loyalty_project.roles.ROLES"
WAFA_SIDEBAR = "loyalty_project.sidebar.SECTIONS"
WAFA_SEARCHERS = "loyalty_project.sidebar.SEARCHERS"
# A function of the request that returns the cards of the first page; see core.admin.dashboard.
WAFA_GAUGES = {"rewards.ledger.gauges": "differences", "redemptions.queries.checks": "broken"}
# Checks of the apps for doctor and the status page; see core.checkup.
WAFA_CHECKS = ["redemptions.queries.checks.CHECK"]
WAFA_DASHBOARD = "reporting.reports.overview.cards"
WAFA_EVENTS = "loyalty_project.events"
WAFA_API_RESOURCES = "loyalty_project.roles.API_RESOURCES"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fa", "فارسی"), ("ar", "العربية"), ("tr", "Türkçe")]
LOCALE_PATHS = [BASE_DIR / "loyalty_project" / "locale"]
FORMAT_MODULE_PATH = ["loyalty_project.core.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = TESTING or DEBUG
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_485_760
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

SECURE = env.bool("SECURE", default=not EMBEDDED and not TESTING)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
# People sign in again after so many hours, and after so many minutes without a page.
SESSION_HOURS = env.int("SESSION_HOURS", default=12)
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=120)
SESSION_COOKIE_AGE = 60 * 60 * SESSION_HOURS
OTP_TOTP_ISSUER = "Wafa"
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=SECURE)
# Whoever looks after the machine asks it directly.
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
# Only the owner of the domain knows whether its other hosts speak TLS.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Calls of the API are written this often, by a thread; 0 has none.
API_LOG_SECONDS = 0.0 if TESTING else 1.0
ARCHIVE_AFTER_DAYS = env.int("ARCHIVE_AFTER_DAYS", default=90)
API_LOG_DAYS = env.int("API_LOG_DAYS", default=30)
# For development and tests: receivers of webhooks on this machine or in its network, without TLS.
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)
WEBHOOK_ALLOW_HTTP = env.bool("WEBHOOK_ALLOW_HTTP", default=WEBHOOK_ALLOW_PRIVATE)
WEBHOOK_THREADS = env.int("WEBHOOK_THREADS", default=32)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["loyalty_project.core.api.authentication.Credential"],
    "DEFAULT_PERMISSION_CLASSES": ["loyalty_project.core.api.permissions.KeyPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["loyalty_project.core.api.parsers.LenientJSONParser"],
    "DEFAULT_PAGINATION_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "loyalty_project.core.api.schema.WafaSchema",
    "EXCEPTION_HANDLER": "loyalty_project.core.api.errors.handle",
    "COERCE_DECIMAL_TO_STRING": False,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Wafa API",
    "DESCRIPTION": "Loyalty and promotions over REST, in the published Voucherify v1 wire format.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/(v1|client/v1|management/v1)",
    "POSTPROCESSING_HOOKS": ["loyalty_project.core.api.schema.document_errors"],
}

IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_USE_TRANSACTIONS = True
SIMPLE_HISTORY_DATE_INDEX = "composite"
SIMPLE_HISTORY_REVERT_DISABLED = True

DJANGO_STRUCTLOG_CELERY_ENABLED = False
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True  # RequestIdMiddleware has set it
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
LOGGING = logs.settings(level=env.str("LOG_LEVEL", default="INFO"))
logs.configure()
