"""What the system says of a path that can't be used, in Spanish."""

import errno

_SAID = {
    errno.ENOENT: "no existe",
    errno.EISDIR: "es una carpeta, no un archivo",
    errno.ENOTDIR: "no es una carpeta",
    errno.ENAMETOOLONG: "su nombre es demasiado largo",
    errno.EACCES: "sin permiso",
    errno.EPERM: "sin permiso, o es de otro usuario",
    errno.ENOSPC: "el disco está lleno",
    errno.EDQUOT: "se acabó la cuota de disco",
    errno.EROFS: "es de solo lectura",
    errno.EXDEV: "está en otro disco",
    errno.EIO: "el disco falla",
    errno.ESTALE: "la carpeta de red se perdió",
}


def why_not(error: OSError) -> str:
    """The system's reason; in its own words where it is none of the usual ones."""
    return _SAID.get(error.errno or 0) or error.strerror or type(error).__name__
