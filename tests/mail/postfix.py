"""Debian's Postfix on loopback: submission with STARTTLS and login, delivery to mailboxes, and a
domain far away that is another server of the tests. Nothing can leave this machine.
"""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.ports import is_open
from tests.waiting import until

MAIN = """
compatibility_level = 3.6
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
meta_directory = /etc/postfix
queue_directory = {root}/queue
data_directory = {root}/data
maillog_file = {root}/postfix.log
maillog_file_prefixes = {root}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = correo.{domain}
myorigin = {domain}
mydestination =
mynetworks =
alias_maps =
default_transport = error:5.1.2 Nothing leaves this machine
local_transport = error:5.1.1 Nobody lives here
transport_maps = inline:{{{far}=smtp:[127.0.0.1]:{far_port}}}
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_peername_lookup = no
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = texthash:{root}/postfix/mailboxes
virtual_alias_maps = texthash:{root}/postfix/aliases
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
virtual_minimum_uid = 1
recipient_delimiter = +
smtpd_tls_cert_file = {pem}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth_port}
smtpd_sasl_security_options = noanonymous
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = reject_unlisted_recipient,
  check_policy_service inet:127.0.0.1:{policy_port}
in_flow_delay = 0
"""
MASTER = """
127.0.0.1:{smtp_port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@contextmanager
def running(
    root: Path,
    pem: tuple[Path, Path],
    *,
    mailboxes: Mapping[str, str],
    aliases: Mapping[str, str],
    domain: str,
    far: str,
    **numbers: int,
) -> Iterator[None]:
    """Started, and answering. `mailboxes` and `aliases` by address; `numbers`: uid, smtp_port,
    auth_port, policy_port, far_port."""
    config = root / "postfix"
    config.mkdir(mode=0o755)
    values = {"root": root, "domain": domain, "far": far, "pem": pem[0], "key": pem[1], **numbers}
    (config / "main.cf").write_text(MAIN.format(**values))
    (config / "master.cf").write_text(MASTER.format(**values))
    for name, table in (("mailboxes", mailboxes), ("aliases", aliases)):
        (config / name).write_text("".join(f"{key} {value}\n" for key, value in table.items()))
    for folder in ("queue", "data"):
        (root / folder).mkdir(mode=0o755)
    shutil.chown(root / "data", "postfix")
    _postfix(config, "start")
    try:
        until(lambda: is_open(numbers["smtp_port"]))
        yield
    finally:
        _postfix(config, "stop")


def _postfix(config: Path, verb: str) -> None:
    done = subprocess.run(
        ["/usr/sbin/postfix", "-c", str(config), verb], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
