"""Debian's Dovecot on loopback: IMAP over mailboxes of its own, and who may log in to Postfix."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import is_open
from tests.waiting import until

CONFIG = """
base_dir = {run}
state_dir = {run}
log_path = {root}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
disable_plaintext_auth = yes
auth_mechanisms = plain login
ssl_cert = <{pem}
ssl_key = <{key}
mail_location = maildir:{root}/mail/%n
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={uid} home={root}/mail/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth_port}
  }}
}}
"""


@contextmanager
def running(
    root: Path,
    pem: tuple[Path, Path],
    *,
    password: str,
    uid: int,
    imap_port: int,
    imaps_port: int,
    auth_port: int,
) -> Iterator[None]:
    """Started, and answering; everybody's password is the same."""
    run = root / "dovecot"
    run.mkdir(mode=0o755)
    config = root / "dovecot.conf"
    text = CONFIG.format(
        root=root,
        run=run,
        pem=pem[0],
        key=pem[1],
        password=password,
        uid=uid,
        imap_port=imap_port,
        imaps_port=imaps_port,
        auth_port=auth_port,
    )
    config.write_text(text)
    process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(config)])
    try:
        ports = (imap_port, imaps_port, auth_port)
        until(lambda: process.poll() is not None or all(map(is_open, ports)))
        assert process.poll() is None, (root / "dovecot.log").read_text()
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
