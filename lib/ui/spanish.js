// Streamlit's own words, in Spanish, as they appear: names for screen readers, hints, the text of
// its buttons. And a few of its roles and levels that say what is not so. Only what equals a text
// below is changed, and only where Streamlit writes: never data.
const WORDS = {
  "Skip to main content": "Ir al contenido",
  Sidebar: "Menú",
  "Collapse sidebar": "Cerrar el menú",
  "Expand sidebar": "Abrir el menú",
  Close: "Cerrar",
  Dismiss: "Descartar",
  Open: "Abrir la lista",
  "Clear value": "Borrar lo elegido",
  "Clear entry": "Borrar lo escrito",
  "Clear all": "Borrar todo",
  "Choose an option": "Elige una opción",
  "Choose options": "Elige opciones",
  "No results": "Sin resultados",
  "Show password": "Mostrar lo escrito",
  "Hide password": "Ocultar lo escrito",
  "Press Enter to apply": "Presiona Enter para aplicar",
  "Press Enter to submit form": "Presiona Enter para enviar",
  "file upload": "Elegir archivos",
  Upload: "Elegir archivos",
  "Add files": "Agregar archivos",
  "add icon": "agregar",
  "Show/hide columns": "Mostrar u ocultar columnas",
  Search: "Buscar",
  Fullscreen: "Pantalla completa",
  "Close fullscreen": "Salir de pantalla completa",
  "Scroll tabs left": "Pestañas anteriores",
  "Scroll tabs right": "Pestañas siguientes",
  "Running...": "Trabajando…",
  Stop: "Detener",
  Rerun: "Repetir",
  Notifications: "Avisos",
  "Link to heading": "Enlace a este título",
  "group mark container": "parte de la gráfica",
};
const PATTERNS = [
  [/^Help for (.+)$/, "Ayuda de $1"],
  [/^Remove (.+)$/, "Quitar $1"],
  [/^Delete (.+)$/, "Quitar $1"],
  [/^Fullscreen: (.+)$/, "Pantalla completa: $1"],
  [/^Search: (.+)$/, "Buscar: $1"],
  [/^Show\/hide columns: (.+)$/, "Mostrar u ocultar columnas: $1"],
  [/^Show data: (.+)$/, "Ver los datos: $1"],
  [/^(\d+) options? available\.$/, "Opciones: $1."],
  [/^(\d+(?:\.\d+)?)([KMG]B) per file(.*)$/, "o arrástralos aquí: hasta $1 $2 cada uno$3"],
  // What the server (lib/ui/bodies.py) and the page refuse of a file.
  [/^AxiosError: .* status code 401$/, "Tu sesión terminó: inicia sesión y vuelve a subirlo."],
  [/^AxiosError: .* status code 403$/, "Tu perfil no permite subirlo; recarga la página."],
  [/^AxiosError: .* status code 413$/, "Pesa demasiado; divídelo en varios archivos."],
  [/^AxiosError: .* status code 429$/, "Esta pestaña ya tiene 50 archivos; recarga la página."],
  [/^AxiosError: .* status code 503$/, "La mesa tiene demasiados archivos en espera; inténtalo en unos minutos."],
  [/^AxiosError: .*$/, "No llegó; revisa la conexión y vuelve a subirlo."],
  [/^File must be (.+) or smaller\.$/, "Pesa más de $1; divídelo en varios archivos."],
  [/^(.+) files are not allowed\.$/, "No se aceptan archivos de este tipo."],
];
const NAMES = ["aria-label", "title", "placeholder", "aria-roledescription"];
// Where the text between tags is Streamlit's: data stands elsewhere.
const ITS_OWN = "[data-testid=stSkipToContent], [data-testid=InputInstructions], [data-testid^=stFileUploader], [data-testid=stTooltipErrorContent], [data-testid=stStatusWidget], [data-live-announcer], [role=listbox]";

// What it draws that misleads: an icon beside words has nothing to say; a drop zone with a name is
// a group; the library's forms begin at a third level under a first.
const MENDS = [
  ["[data-testid=stIconMaterial], [role=img][aria-label$=' icon']", (node) => { node.removeAttribute("aria-label"); node.removeAttribute("role"); node.ariaHidden = "true"; }],
  ["[data-testid=stFileUploaderDropzone][role=presentation]", (node) => node.setAttribute("role", "group")],
  ["form h3, .stForm h3", (node) => node.setAttribute("aria-level", "2")],
];

function spanish(text) {
  const said = WORDS[text];
  if (said) return said;
  const pattern = PATTERNS.find(([english]) => english.test(text));
  return pattern ? text.replace(...pattern) : null;
}

function attributes(node) {
  for (const name of NAMES) {
    const text = node.getAttribute(name);
    const said = text && spanish(text);
    if (said) node.setAttribute(name, said);
  }
}

function words(text) {
  const said = spanish(text.data.trim());
  if (said && text.parentElement?.closest(ITS_OWN)) text.data = said;
}

function mend(root) {
  for (const [selector, act] of MENDS) {
    if (root.matches(selector)) act(root);
    root.querySelectorAll(selector).forEach(act);
  }
}

function look(node) {
  if (node.nodeType === Node.TEXT_NODE) words(node);
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  mend(node);
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let each = node; each; each = walker.nextNode()) {
    if (each.nodeType === Node.TEXT_NODE) words(each);
    else attributes(each);
  }
}

function changed(records) {
  for (const { type, target, addedNodes } of records) {
    if (type === "childList") addedNodes.forEach(look);
    else if (type === "attributes") attributes(target);
    else words(target);
  }
}

function speakSpanish() {
  document.documentElement.lang = "es-MX";
  look(document.body);
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: NAMES });
}
