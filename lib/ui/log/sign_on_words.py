"""What the log says of coming in with the company's account."""

from lib.model.sign_on import Unfit
from lib.services.doors.opening import Entrance

UNFIT: dict[str, str] = {
    Unfit.BAD_TOKEN.value: (
        "Lo que dijo el proveedor no se pudo comprobar, no era para esta mesa o era viejo"
    ),
    Unfit.REPLAYED.value: "Esa respuesta del proveedor ya se había usado",
    Unfit.UNVERIFIED.value: "El proveedor no ha comprobado su correo",
    Unfit.OTHER_DOMAIN.value: "Su correo es de otro dominio",
    Unfit.UNKNOWN.value: "Nadie en Usuarios tiene ese correo, o lo tienen varios",
    Unfit.TAKEN.value: "El usuario con ese correo entra con otra cuenta",
    Unfit.DISABLED.value: "Está dado de baja en Usuarios",
    Unfit.NO_ROLE.value: "Su cuenta no trae un perfil de la mesa",
    Unfit.LAST_ADMIN.value: "Perdería su perfil el único administrador",
    Unfit.OTHER_PERSON.value: "La cuenta era de otra persona",
    Unfit.NOT_FRESH.value: "El proveedor no le volvió a preguntar quién era",
    "role_claim": "Lo dice su cuenta de la empresa",
}
_HOW = {
    Entrance.SINGLE_SIGN_ON.value: " con la cuenta de la empresa",
    Entrance.EMERGENCY.value: " con su contraseña de emergencia",
}


def how(entrance: str) -> str:
    """How somebody came in; "" for their password, the usual way."""
    return _HOW.get(entrance, "")
