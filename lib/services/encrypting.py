"""The data folder of a desk that wasn't encrypted, encrypted with the setting's key."""

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.services.desk import open_desk
from lib.settings import Settings
from lib.store import encrypting, private
from lib.store.cipher import Cipher


def encrypt(settings: Settings, actor: Actor) -> int:
    """How many files were; 0 when all are. With the desk closed; an interrupted one is gone on with
    by the next.

    Raises AppError: FORBIDDEN, BAD_SETTING without MESA_DATA_KEY, DESK_IN_USE, NO_CIPHER,
    DATA_KEY_WRONG when some are, with another key, and what open_desk() raises.
    """
    actor.require(Permission.ROTATE_KEY)
    if not settings.data_key:
        takes = "una llave de python -m lib key data"
        raise AppError(Reason.BAD_SETTING, setting="MESA_DATA_KEY", takes=takes)
    private.mend(settings.data)
    done = encrypting.encrypt(settings.data, Cipher(settings.data_key))
    desk = open_desk(settings)
    try:
        if done:
            entry = Entry(Action.DATA_ENCRYPTED, detail={"encrypted": done})
            desk.store.write(lambda transaction: transaction.log(actor, entry))
    finally:
        desk.close()
    return done
