"""One settings module. The environment decides between the embedded engines of a laptop and a council's servers."""

import os
import tomllib
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from healthcheck import embedded, environment, logs, production

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = environment.read(os.environ)
VAR_DIR = Path(ENV.text("HEALTHCHECK_VAR") or BASE_DIR / "var")
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]

PRODUCTION = production.is_production(ENV.values, own_database=embedded.database_url(VAR_DIR))
wrong = [
    *ENV.faults,
    *([*environment.unknown(os.environ), *production.why_not_start(ENV.values)] if PRODUCTION else []),
]
if wrong:
    raise ImproperlyConfigured("This cannot start so (docs/reference/settings.md):\n- " + "\n- ".join(wrong))

DEBUG = ENV.flag("DEBUG")
SECRET_KEY = ENV.text("SECRET_KEY") or embedded.local_secret(VAR_DIR)
SECRET_KEY_FALLBACKS = ENV.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = ENV.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = ENV.words("CSRF_TRUSTED_ORIGINS")
# how many proxies of ours stand before the web server, each adding to X-Forwarded-For who asked it
TRUSTED_PROXIES = ENV.whole("TRUSTED_PROXIES")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "design",
    "rest_framework",
    "drf_spectacular",
    "teams",
    "caseloads",
    "standards",
    "checks",
    "reports",
    "operations",
    "healthcheck",
]

MIDDLEWARE = [
    "operations.middleware.Probes",
    "django.middleware.security.SecurityMiddleware",
    "teams.middleware.NoDevices",
    "teams.middleware.KnowsOrigin",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "operations.middleware.Watched",
    "csp.middleware.CSPMiddleware",
    "teams.middleware.AsksAgain",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "teams.middleware.OwnEmployersOnly",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "teams.guarding.Limits",
    "teams.guarding.SignedIn",
    "teams.guarding.SecondFactorFirst",
    "teams.middleware.KeepNoCopies",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "reports.middleware.KeepsTraces",
    "teams.middleware.DataOfPages",
]

ROOT_URLCONF = "healthcheck.urls"
WSGI_APPLICATION = "healthcheck.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "teams.context.rights",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        ENV.text("DATABASE_URL") or embedded.database_url(VAR_DIR),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
# a machine that is cut off is noticed by both sides within a minute, and what it had locked is free again
DATABASES["default"].setdefault("OPTIONS", {}).update(
    connect_timeout=10,
    keepalives_idle=15,
    keepalives_interval=5,
    keepalives_count=3,
    tcp_user_timeout=30_000,
    options="-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=30s",
)
APPLICATION_PASSWORD = ENV.text("APPLICATION_PASSWORD")  # given to the application's role by `migrate`
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = ENV.text("REDIS_URL") or embedded.redis_url(VAR_DIR)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "healthcheck",
    }
}
CELERY_BROKER_URL = embedded.broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_DB_REUSE_MAX = 1000  # tasks by one connection; Celery makes a new one for each unless told
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "global_keyprefix": "healthcheck:",
    # whoever asks for work waits no longer than this for the queue: rows say what is to do, and the sweepers read them
    "socket_connect_timeout": 2,
    "socket_timeout": 2,
    "max_retries": 0,
    "interval_start": 0,
}
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULE = {
    "send-letters": {"task": "teams.send_letters", "schedule": crontab()},
    "clear-sessions": {"task": "teams.clear_sessions", "schedule": crontab(minute=30)},
    "score-every-employer": {"task": "caseloads.score_every_employer", "schedule": crontab(hour=2, minute=0)},
    "sweep-imports": {"task": "caseloads.sweep_imports", "schedule": crontab()},
    "sweep-scoring": {"task": "caseloads.sweep", "schedule": crontab()},
    "remind": {"task": "checks.remind", "schedule": crontab(hour=7, minute=0)},
    "sweep-cycles": {"task": "checks.sweep_cycles", "schedule": crontab()},
    "sweep-findings": {"task": "checks.sweep_findings", "schedule": crontab()},
    "sweep-duties": {"task": "checks.sweep", "schedule": crontab()},
    "clear-stray-files": {"task": "reports.clear_stray_files", "schedule": crontab(hour=4, minute=15)},
    "sweep-reports": {"task": "reports.sweep", "schedule": crontab()},
    "look-around": {"task": "operations.look_around", "schedule": crontab()},
}
# own periods of retention, in days, such as "teams.Absence=730 reports.ReportRun=365"; see reports/retention_rules.py
RETENTION_DAYS = ENV.text("RETENTION_DAYS")
if ENV.flag("RETENTION_NIGHTLY"):
    CELERY_BEAT_SCHEDULE["apply-retention"] = {
        "task": "reports.apply_retention",
        "schedule": crontab(hour=3, minute=30),
    }

AUTH_USER_MODEL = "teams.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "teams.passwords.NotBreached"},
    {"NAME": "teams.passwords.NotContext"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

# Set by bin/demo for what it starts on its embedded engines: made-up people, who sign in without a second factor.
DEMONSTRATION = ENV.flag("HEALTHCHECK_DEMONSTRATION")
if DEMONSTRATION and production.names_a_server(ENV.values, own_database=embedded.database_url(VAR_DIR)):
    raise ImproperlyConfigured("HEALTHCHECK_DEMONSTRATION is for the embedded engines: leave it out, or DATABASE_URL.")
SECOND_FACTOR_FOR_SOCIAL_WORKERS = ENV.flag("SECOND_FACTOR_FOR_SOCIAL_WORKERS")
API_CALLS_A_MINUTE = 300  # of one integration: a nightly sync of 15,000 cases takes 15
PAGES_A_MINUTE = 600  # of one person, far more than anybody reads

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["teams.api.opening.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["teams.api.opening.WithinScopes"],
    "DEFAULT_THROTTLE_CLASSES": ["teams.api.opening.NotTooOften"],
    "DEFAULT_PAGINATION_CLASS": "teams.api.listing.ByCursor",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "teams.api.schema.Described",
    "EXCEPTION_HANDLER": "teams.api.problems.answer",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Team Health Check",
    "DESCRIPTION": "Caseloads, weighted workloads, health checks and standards of one employer.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "Finding": "checks.models.answers._FINDINGS",
        "SnapshotState": "caseloads.models.snapshots.Snapshot.State",
        "CheckState": "checks.models.cycles.STATES",
        "CycleState": "checks.models.cycles.Cycle.State",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "teams.api.schema.with_problems",
    ],
}

# Signing in by the employer's own directory (docs/how-to/single-sign-on.md); no SSO_ISSUER: there is none.
SSO_ISSUER = ENV.text("SSO_ISSUER")
SSO_CLIENT_ID = ENV.text("SSO_CLIENT_ID")
SSO_CLIENT_SECRET = ENV.text("SSO_CLIENT_SECRET")
SSO_TENANT = ENV.text("SSO_TENANT")
SSO_EMPLOYER = ENV.text("SSO_EMPLOYER")
SSO_NAME = ENV.text("SSO_NAME")
SSO_ROLES_CLAIM = ENV.text("SSO_ROLES_CLAIM")
SSO_STAFF_REFERENCE_CLAIM = ENV.text("SSO_STAFF_REFERENCE_CLAIM")
SSO_LOCAL_ACCOUNTS = frozenset(ENV.words("SSO_LOCAL_ACCOUNTS"))
SSO_LONGEST_SESSION = ENV.whole("SSO_SESSION_MINUTES") * 60

# Sign-in is django-allauth's, with forms, pages, e-mails and limits of ours (teams/adapters.py).
ACCOUNT_ADAPTER = "teams.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "teams.forms.signing_in.SignInForm", "reauthenticate": "teams.forms.signing_in.AgainForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are the administrator's, and an invitation proves them
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
SOCIALACCOUNT_ADAPTER = "teams.adapters.DirectoryFaultsAdapter"
MFA_ADAPTER = "teams.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "teams.forms.second_factor.CodeForm",
    "authenticate_webauthn": "teams.forms.second_factor.PasskeyForm",
    "login_webauthn": "teams.forms.second_factor.PasskeyAloneForm",
    "activate_totp": "teams.forms.second_factor.SetUpAppForm",
    "add_webauthn": "teams.forms.second_factor.AddPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Team Health Check"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = False
# a browser lets localhost use passkeys without TLS
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV.flag("HTTPS")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "media"

SESSION_ENGINE = "teams.sessions"
SESSION_COOKIE_AGE = 1800  # without a page
LONGEST_SESSION = 12 * 3600  # however busy
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# No inline script or style anywhere, so that neither nonces nor exceptions are needed.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SESSION_COOKIE_NAME = "session"
MESSAGES_COOKIE_NAME = "messages"
MESSAGE_STORAGE = "teams.said.Said"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
if ENV.flag("HTTPS"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # by these names a browser keeps them from every other host, and from plain HTTP
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    MESSAGES_COOKIE_NAME = "__Host-messages"

SITE_ADDRESS = ENV.text("SITE_ADDRESS").rstrip("/")
EMAIL_HOST = ENV.text("EMAIL_HOST")
EMAIL_PORT = ENV.whole("EMAIL_PORT")
EMAIL_HOST_USER = ENV.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = ENV.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = ENV.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = ENV.text("EMAIL_FROM")
# without a mail server, what would be sent is written to the output of whichever program sends it
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"

# "lines" for people, "json" for what collects logs
LOG_FORMAT = ENV.text("LOG_FORMAT")
LOGGING = logs.configuration(LOG_FORMAT)
# whoever shows it may read the figures of the running service at /-/metrics/; without one nobody may
METRICS_TOKEN = ENV.text("METRICS_TOKEN")
# where errors and traces are sent (healthcheck/observing.py); not named: nowhere
SENTRY_DSN = ENV.text("SENTRY_DSN")
OTEL_EXPORTER_OTLP_ENDPOINT = ENV.text("OTEL_EXPORTER_OTLP_ENDPOINT")

DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a bulk transfer of a thousand cases has three for each
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_PERMISSIONS = 0o600
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# An employer may ask for children's references to be kept only as a keyed hash of themselves.
HASH_CASE_REFERENCES = ENV.flag("HASH_CASE_REFERENCES")
CASE_REFERENCE_KEY = ENV.text("CASE_REFERENCE_KEY")
