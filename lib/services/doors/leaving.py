"""Out of the provider too: where to send somebody who came in with the company's account."""

from urllib.parse import urlencode

import httpx

from lib.model.actor import Actor
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.doors.opening import Entrance
from lib.settings_oidc import is_safe
from lib.store.people import single_sign_on as stored

_PATIENCE_S = 5.0  # they have pressed Cerrar sesión; ours has nothing to wait for


def there(desk: Desk, actor: Actor) -> str:
    """The address that ends this person's session with the provider (OpenID Connect RP-Initiated
    Logout 1.0), also once theirs here is over; "" when that isn't wanted, when they came in
    otherwise and when the provider has none or doesn't answer. Raises AppError(FORBIDDEN).
    """
    desk.require(actor, Permission.OWN_PROFILE)
    oidc = desk.settings.oidc
    if not oidc.signs_out_there:
        return ""
    if stored.entrance(desk.store, actor.session) != Entrance.SINGLE_SIGN_ON:
        return ""
    try:
        found = httpx.get(oidc.metadata_url, timeout=_PATIENCE_S).raise_for_status().json()
        endpoint = str(found["end_session_endpoint"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return ""
    asked = {"client_id": oidc.client_id, "post_logout_redirect_uri": f"{desk.settings.url}/"}
    return f"{endpoint}?{urlencode(asked)}" if is_safe(endpoint) else ""
