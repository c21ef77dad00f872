"""What a mail about somebody's own door says of each piece of news: subject, then sentence."""

from collections.abc import Mapping

from lib.model.news import News

SAID: Mapping[News, tuple[str, str]] = {
    News.NEW_BROWSER: (
        "Entraste desde un equipo nuevo",
        "Alguien entró a Mesa CDA con tu usuario desde un navegador que no habías usado.",
    ),
    News.PASSWORD: ("Cambió tu contraseña", "La contraseña de tu usuario de Mesa CDA cambió."),
    News.FIRST_PASSWORD: (
        "Ya tienes contraseña",
        "Con un enlace que te llegó se eligió la primera contraseña de tu usuario de Mesa CDA.",
    ),
    News.EMAIL: (
        "Cambió tu correo",
        "El correo de tu usuario de Mesa CDA cambió; este aviso va al de antes y al de ahora.",
    ),
    News.FACTOR_ADDED: (
        "Tienes un segundo factor nuevo",
        "Tu usuario de Mesa CDA tiene un segundo factor nuevo.",
    ),
    News.FACTOR_REMOVED: (
        "Se quitó tu segundo factor",
        "Se quitó un segundo factor de tu usuario de Mesa CDA.",
    ),
    News.RECOVERY_CODES: (
        "Tienes códigos de recuperación nuevos",
        "Los códigos de recuperación de tu usuario de Mesa CDA son otros; los de antes ya no "
        "sirven.",
    ),
    News.CODES_TRIED: (
        "Alguien prueba códigos con tu contraseña",
        "Alguien escribió tu contraseña de Mesa CDA y luego varios códigos equivocados; si no "
        "fuiste tú, la conoce: cámbiala.",
    ),
    News.RECOVERY_CODE_USED: (
        "Se usó un código de recuperación",
        "Alguien entró a Mesa CDA con tu usuario y un código de recuperación.",
    ),
    News.ACCOUNT_LINKED: (
        "Ya entras con la cuenta de la empresa",
        "La cuenta de la empresa con este correo quedó ligada a tu usuario de Mesa CDA.",
    ),
    News.ACCOUNT_UNLINKED: (
        "Se quitó tu cuenta de la empresa",
        "Tu usuario de Mesa CDA ya no entra con la cuenta de la empresa que tenía ligada.",
    ),
}
