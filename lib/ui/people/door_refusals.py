"""Refusals at the doors and in Usuarios; lib/ui/messages.py says them with the others."""

from lib.model.errors import Reason

SENTENCES: dict[Reason, str] = {
    Reason.SIGNED_OUT: "Tu sesión terminó; vuelve a iniciar sesión para continuar.",
    Reason.FORBIDDEN: (
        "Tu perfil no permite esta acción; pide ayuda a tu gerente o a un administrador."
    ),
    Reason.BAD_CREDENTIALS: (
        "Usuario o contraseña incorrectos; revísalos y, si fallas varias veces, espera un poco."
    ),
    Reason.WRONG_PASSWORD: "La contraseña actual no es correcta; escríbela de nuevo.",
    Reason.SHORT_PASSWORD: (
        "La contraseña lleva {length} caracteres y hacen falta {least} o más; usa una frase de "
        "varias palabras, con espacios si quieres."
    ),
    Reason.LONG_PASSWORD: (
        "La contraseña lleva {length} caracteres y caben {most}; usa una más corta."
    ),
    Reason.KNOWN_NAMES_PASSWORD: (
        "La contraseña está hecha de tu nombre, usuario o correo, o de nombres de la empresa y sus "
        "productos, que cualquiera prueba; usa una frase con otras palabras."
    ),
    Reason.WEAK_PASSWORD: (
        "Esa contraseña es de las primeras que se prueban (palabras muy usadas, repeticiones, "
        "teclas seguidas o fechas); usa una frase de varias palabras."
    ),
    Reason.SAME_PASSWORD: "La contraseña nueva es igual a la actual; elige otra.",
    Reason.PASSWORDS_DIFFER: "Las dos contraseñas nuevas no coinciden; escríbelas otra vez.",
    Reason.BAD_USERNAME: (
        "El usuario lleva de 2 a 40 letras sin acento, números, punto o guion; elige otro."
    ),
    Reason.BAD_STAFF_EMAIL: "Ese correo no es válido; por ejemplo: ana@empresa.com.mx.",
    Reason.USERNAME_TAKEN: "Ya existe un usuario con ese nombre; elige otro.",
    Reason.SIGN_IN_AGAIN: "Pasó demasiado tiempo; vuelve a escribir tu usuario y contraseña.",
    Reason.WRONG_CODE: (
        "Ese código no es, ya se usó o se intentó demasiadas veces; espera un poco y escribe el "
        "siguiente de tu aplicación u otro de recuperación."
    ),
    Reason.NO_FACTOR: "Ese usuario no tiene segundo factor; no hay nada que quitar.",
    Reason.LAST_FACTOR: (
        "Tu perfil pide un segundo factor y este es el único que tienes; agrega otro antes."
    ),
    Reason.NO_PASSKEYS_HERE: (
        "Las llaves de acceso necesitan https y la dirección de la mesa: {where}; entra por ahí o "
        "usa un código."
    ),
    Reason.PASSKEY_REFUSED: (
        "Esa llave de acceso no es tuya aquí o la respuesta llegó tarde; inténtalo otra vez o usa "
        "un código."
    ),
    Reason.PASSKEY_COPIED: (
        "Esa llave de acceso respondió como lo haría una copia; usa un código, quítala en Mi "
        "perfil y avisa a un administrador."
    ),
    Reason.UNKNOWN_PASSKEY: "Esa llave de acceso ya no está entre las tuyas; actualiza la página.",
    Reason.BAD_PASSKEY_NAME: (
        "El nombre de la llave es un solo renglón de {most} caracteres o menos; escríbelo de nuevo."
    ),
    Reason.DOORS_KEY_WRONG: (
        "El archivo keys/doors.key no es el que selló los segundos factores; recupera el original "
        "de tu respaldo."
    ),
    Reason.SSO_REFUSED: (
        "No se completó la entrada con la cuenta de la empresa; vuelve a intentarlo y, si se "
        "repite, avisa a tu administrador."
    ),
    Reason.SSO_NOT_STAFF: (
        "Tu cuenta de la empresa no abre esta mesa; pide a un administrador que te dé de alta en "
        "Usuarios con ese mismo correo."
    ),
    Reason.SSO_SILENT: (
        "El servicio de cuentas de la empresa no responde; espera unos minutos e inténtalo de "
        "nuevo."
    ),
    Reason.NOT_LINKED: "Ese usuario no tiene cuenta de la empresa ligada; no hay nada que quitar.",
    Reason.EMERGENCY_ADMINS: (
        "La entrada de emergencia es solo para administradores activos; cambia antes su perfil."
    ),
    Reason.DEMO_ONLY: "Esta página solo existe en la demostración; sigue desde el menú.",
    Reason.NO_NAME: "Escribe su nombre completo, de {most} caracteres o menos.",
    Reason.NO_DESK_ADDRESS: (
        "Para enviar enlaces por correo hace falta MESA_URL, la dirección con la que se abre la "
        "mesa; pídela al administrador del servidor."
    ),
    Reason.PASSWORDS_SHUT: (
        "Su contraseña no abriría nada: entra con la cuenta de la empresa, la de su correo."
    ),
    Reason.LINK_OVER: ("Ese enlace ya se usó o caducó; pide a un administrador que te envíe otro."),
    Reason.CONFIRM_FIRST: (
        "Antes confirma que eres tú; repite lo que hacías y escribe tu contraseña."
    ),
    Reason.NOT_CONFIRMED: (
        "La contraseña o el código no son correctos; escríbelos de nuevo y, si fallas varias "
        "veces, espera un poco."
    ),
    Reason.UNKNOWN_PERSON: "No hay nadie con ese usuario; elige otro en Usuarios.",
    Reason.OWN_ROLE: "Nadie cambia su propio perfil; pídelo a otro administrador.",
    Reason.OWN_STATE: "Nadie se da de baja a sí mismo; pídelo a otro administrador.",
    Reason.LAST_ADMIN: (
        "Es el único administrador que puede entrar; antes nombra o reactiva a otro."
    ),
    Reason.PERSON_CHANGED_MEANWHILE: (
        "Otra persona acaba de cambiar a este usuario; revisa cómo está y decide de nuevo."
    ),
    Reason.UNKNOWN_SESSION: "Esa sesión ya no está abierta; no queda nada que cerrar.",
}
