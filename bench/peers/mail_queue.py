"""django-post_office with its own defaults, over SQLite: `mail_queue.py REQUEST.json`.

The request is {"port", "user", "password", "folder", "sender", "subject", "text", "html",
"recipients"}, with TLS where there is a user; the answer, on stdout, {"queued_ms": [of each mail],
"sent_s", "sent"}. Run in its own environment.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    request = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    _configure(request)
    call_command("migrate", verbosity=0)
    queued = [_queued_ms(request, recipient) for recipient in request["recipients"]]
    began = time.perf_counter()
    call_command("send_queued_mail", lockfile=str(Path(request["folder"], "lock")))
    sent_s = time.perf_counter() - began
    answer = {"queued_ms": queued, "sent_s": sent_s, "sent": _sent()}
    sys.stdout.write(json.dumps(answer))


def _configure(request: dict[str, Any]) -> None:
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{request['folder']}/db.sqlite3"}
    settings.configure(
        SECRET_KEY="bench",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": database},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "post_office"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        EMAIL_BACKEND="post_office.EmailBackend",
        EMAIL_HOST="localhost",
        EMAIL_PORT=request["port"],
        EMAIL_USE_TLS=bool(request["user"]),
        EMAIL_HOST_USER=request["user"],
        EMAIL_HOST_PASSWORD=request["password"],
    )
    django.setup()


def _queued_ms(request: dict[str, Any], recipient: str) -> float:
    from post_office import mail  # its models need the settings above

    began = time.perf_counter()
    mail.send(
        recipient,
        request["sender"],
        subject=request["subject"],
        message=request["text"],
        html_message=request["html"],
    )
    return (time.perf_counter() - began) * 1000


def _sent() -> int:
    from post_office.models import STATUS, Email

    return int(Email.objects.filter(status=STATUS.sent).count())


if __name__ == "__main__":
    main()
