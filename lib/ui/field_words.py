"""A customer's fields as the portal calls them, and what is wrong with what was typed."""

from lib.model.contact import Problem

# The portal's labels; * marks what it requires.
FIELD_NAMES: dict[str, str] = {
    "name": "Nombre y Apellidos*",
    "email": "Correo de Contacto*",
    "phone": "Teléfono de Contacto*",
    "rfc": "RFC",
    "legal_name": "Razón social",
    "tax_regime": "Régimen fiscal",
    "cfdi_use": "Uso CFDI",
    "postal_code": "Código postal",
    "street": "Calle y número",
    "neighborhood": "Colonia",
    "municipality": "Municipio",
    "state": "Estado",
}

PROBLEMS: dict[Problem, str] = {
    Problem.REQUIRED: "Este dato es obligatorio.",
    Problem.TOO_LONG: "Es demasiado largo: usa 500 caracteres o menos.",
    Problem.BAD_EMAIL: "No es un correo válido; revisa que lleve @ y un dominio completo.",
    Problem.BAD_PHONE: "No es un teléfono válido; escribe 10 dígitos, o + y la clave del país.",
    Problem.BAD_RFC: "No es un RFC: 12 caracteres (empresa) o 13 (persona), con una fecha real.",
    Problem.RFC_CHECK_DIGIT: "El dígito verificador no coincide; confirma el RFC con el cliente.",
    Problem.BAD_POSTAL_CODE: "El código postal son 5 dígitos.",
    Problem.UNKNOWN_CODE: "Esa clave no está en el catálogo del SAT; elige una de la lista.",
    Problem.USE_NOT_WITH_REGIME: "Ese uso de CFDI no va con el régimen fiscal; elige otro.",
}
