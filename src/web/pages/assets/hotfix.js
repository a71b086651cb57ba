// Keeps the page true without loading it anew, adds buttons that copy, and shows
// times as they are here. Everything can be read without it.
"use strict";
(() => {
  const live = () => document.getElementById("live");
  const state = document.getElementById("live-state");
  const announce = document.getElementById("announce");
  const two = (n) => String(n).padStart(2, "0");

  function times(root) {
    for (const time of root.querySelectorAll("time[datetime]")) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      const utc = time.textContent;
      const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
      const today = at.toDateString() === new Date().toDateString();
      const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} `;
      time.textContent = (today ? "" : day) + clock;
      time.title = `${utc} · ${at.toString()}`;
    }
  }

  function buttons(root) {
    if (!navigator.clipboard) return;
    for (const block of root.querySelectorAll(".block")) {
      const code = block.querySelector("code");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy";
      button.setAttribute("aria-label", `Copy: ${code.textContent.trim().slice(0, 80)}`);
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(code.textContent.trim());
        button.textContent = "Copied";
        announce.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
      });
      block.append(button);
    }
  }

  // What a person opened or stood on is found again by its place and its words.
  const name = (it) => it.id || it.querySelector("summary")?.textContent.replace(/\d+/g, "") || "";
  const spot = (it) => it.id || it.getAttribute("href") || it.getAttribute("aria-label") || it.textContent.trim();

  function replace(next) {
    const old = live();
    const open = new Map([...old.querySelectorAll("details")].map((it) => [name(it), it.open]));
    const focus = old.contains(document.activeElement) ? document.activeElement : null;
    const kept = focus && [focus.tagName, spot(focus)];
    times(next);
    buttons(next);
    for (const it of next.querySelectorAll("details")) {
      if (open.has(name(it))) it.open = open.get(name(it));
    }
    const said = next.dataset.said !== old.dataset.said ? next.dataset.said : "";
    old.replaceWith(next);
    if (kept) {
      const same = [...next.querySelectorAll(kept[0])].find((it) => spot(it) === kept[1]);
      same?.focus({ preventScroll: true });
    }
    if (said) announce.textContent = said;
  }

  let busy = false;
  let again = false;
  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(live().dataset.part, { cache: "no-store" });
      if (answer.ok) {
        const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
        const next = parsed.getElementById("live");
        if (next) replace(document.adoptNode(next));
        // What replaced it may be asked for more rarely.
        if (!source) listen();
        if (source || !live().dataset.events) state.textContent = "Kept up to date.";
      } else if (answer.status === 404 || answer.status === 401) {
        location.reload();
      }
    } catch {
      state.textContent = "The server does not answer; this may be old.";
    }
    busy = false;
    if (again) { again = false; refresh(); }
  }

  let source = null;
  let asking = 0;
  // A stream that was refused is asked for again after this, and not with each answer.
  let refused = 0;
  function listen() {
    const events = live().dataset.events;
    clearInterval(asking);
    // Times pass without anything that changes.
    asking = setInterval(refresh, Number(live().dataset.every) || (events ? 60000 : 20000));
    if (!events || source) return;
    if (Date.now() < refused) { rarely(); return; }
    source = new EventSource(events);
    source.addEventListener("changed", (event) => {
      state.textContent = "Kept up to date.";
      if (event.data !== live().dataset.mark) refresh();
    });
    source.addEventListener("error", () => {
      state.textContent = "Not connected; it is tried again.";
      // Refused: it is asked for now and then instead.
      if (source && source.readyState === EventSource.CLOSED) {
        source = null;
        refused = Date.now() + 60000;
        rarely();
      }
    });
  }
  function rarely() {
    state.textContent = "Looked at every 15 seconds.";
    clearInterval(asking);
    asking = setInterval(refresh, 15000);
  }
  function rest() {
    source?.close();
    source = null;
    clearInterval(asking);
  }

  times(document);
  buttons(document);
  if (!live()) return;
  listen();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) rest(); else { listen(); refresh(); }
  });
  addEventListener("pagehide", rest);
  addEventListener("pageshow", (event) => { if (event.persisted) { listen(); refresh(); } });
})();
