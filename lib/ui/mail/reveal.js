// A CDA for as long as it may be on screen. The page takes it off by itself, also while the server
// can't be reached or the machine has slept; then it tells the window, which draws itself anew.
export default function ({ parentElement, data, setTriggerValue }) {
  const box = parentElement.querySelector(".reveal");
  const [code, bar, said] = ["output", "progress", "p"].map((name) => box.querySelector(name));
  const began = [performance.now(), Date.now()];
  const left = () => data.left - Math.max(performance.now() - began[0], Date.now() - began[1]) / 1000;

  function hide() {
    clearInterval(box.ticking);
    code.textContent = "";
    code.hidden = bar.hidden = true;
    said.textContent = data.hidden;
  }
  function tick() {
    if (left() <= 0) {
      hide();
      setTriggerValue("hidden", true);
      return;
    }
    bar.value = left();
    said.textContent = data.counting.replace("{s}", Math.ceil(left()));
  }

  code.hidden = bar.hidden = false;
  code.setAttribute("aria-label", data.label);
  if (code.textContent !== data.code) code.textContent = data.code;
  bar.max = data.whole;
  clearInterval(box.ticking); // the window may have drawn itself again
  box.ticking = setInterval(tick, 250);
  tick();
  return () => {
    clearInterval(box.ticking);
    code.textContent = "";
  };
}
