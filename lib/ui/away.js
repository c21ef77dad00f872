// A page whose desk can't be reached hears nothing of its session's end. Once that must have come,
// what is drawn goes: somebody else may be looking at it by then.
const LOOK = 10_000; // milliseconds

function forgetWhenAway(idle) {
  let heard = Date.now();
  const timer = setInterval(() => {
    const app = document.querySelector("[data-testid=stApp]");
    if (app?.dataset.testConnectionState === "CONNECTED") heard = Date.now();
    if (Date.now() - heard < idle) return;
    clearInterval(timer);
    document.body.replaceChildren(ended());
  }, LOOK);
}

function ended() {
  const said = document.createElement("main");
  said.setAttribute("role", "alert");
  said.style.cssText = "max-width: 30rem; margin: 30vh auto 0; padding: 0 1.5rem; text-align: center; font-size: 1.1rem";
  const again = document.createElement("button");
  again.textContent = "Entrar de nuevo";
  again.style.cssText = "margin-top: 1.25rem; padding: 0.5rem 1.25rem; color: inherit; background: none; border: 1px solid; border-radius: 0.4rem";
  again.addEventListener("click", () => location.reload());
  said.append("Tu sesión terminó mientras la mesa no respondía.", document.createElement("br"), again);
  return said;
}
