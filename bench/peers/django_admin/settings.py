"""Django's own defaults for a small site in production, and the admin."""

import os

SECRET_KEY = "bench"
DEBUG = False
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "django_admin.urls"
WSGI_APPLICATION = "django_admin.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
STATIC_URL = "static/"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_admin",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

_SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["BENCH_DB_NAME"]}
_POSTGRES = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "postgres",
    "USER": "postgres",
    "HOST": os.environ.get("BENCH_DB_HOST", ""),
    "CONN_MAX_AGE": None,
}
DATABASES = {"default": _POSTGRES if os.environ["BENCH_DB"] == "postgres" else _SQLITE}
