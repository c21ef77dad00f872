// What the palette and the list of shortcuts say. What is found comes from Python.
const TEXT = {
  open: "Buscar en todo",
  opener: "Buscar…",
  tools: "Buscar y atajos",
  placeholder: "Nombre, No. Serie, RFC, correo o teléfono",
  results: "Resultados",
  close: "Cerrar",
  shortcuts: "Atajos de teclado",
  begin: (least) => `Escribe al menos ${least} letras o números. Se busca en cuentas, sistemas y certificados, con o sin acentos.`,
  searching: "Buscando…",
  slow: "Sigue buscando. Puedes esperar o escribir algo más corto.",
  retry: "Reintentar",
  found: (n) => `${n === 1 ? "1 resultado" : `${format(n)} resultados`}; las flechas los recorren.`,
  total: (n) => format(n),
  hints: [["↓ ↑", "elegir"], ["Enter", "abrir"], ["Ctrl+Enter", "otra pestaña"], ["Esc", "cerrar"]],
  single: "Atajos de una sola tecla",
  singleHelp: "Apágalos si dictas al teclado o se disparan sin querer. Ctrl+K y los de una tabla en la que estás siguen.",
  or: "o",
  then: "y luego",
};

const format = (n) => n.toLocaleString("es-MX");
