// Optional comforts: Telegram's colours and back button, a session for private texts, copying. All reading works without.
"use strict";
(() => {
  const root = document.documentElement;
  // Telegram's part of the address comes after an anchor where there is one: #cited&tgWebAppData=…
  const told = new URLSearchParams(location.hash.slice(1).replace(/^[^=&]*\?/, ""));
  const own = document.currentScript;

  const kept = (name, fresh) => {
    try {
      if (fresh) sessionStorage.setItem(name, fresh);
      return fresh || sessionStorage.getItem(name);
    } catch {
      return fresh;
    }
  };

  const isColour = (text) => /^#[0-9a-f]{6}$/i.test(text);
  const lightness = (colour) => {
    const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
    const [red, green, blue] = parts.map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [low, high] = [lightness(one), lightness(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  // A theme's colours are taken as far as they can be read: hints and links of many themes are too pale.
  const dress = (text) => {
    let theme;
    try {
      theme = JSON.parse(text);
    } catch {
      return;
    }
    const { bg_color: paper, text_color: ink, link_color: link, secondary_bg_color: card } = theme || {};
    if (!isColour(paper) || !isColour(ink) || contrast(paper, ink) < 7) return;
    root.dataset.theme = lightness(paper) < 0.2 ? "dark" : "light";
    const set = (name, value) => root.style.setProperty(name, value);
    set("--paper", paper);
    set("--ink", ink);
    set("--faint", `color-mix(in srgb, ${ink} 68%, ${paper})`);
    set("--line", `color-mix(in srgb, ${ink} 18%, ${paper})`);
    if (isColour(card) && contrast(card, ink) >= 7) set("--card", card);
    if (isColour(link) && contrast(link, paper) >= 4.5) set("--accent", link);
  };

  const theme = kept("theme", told.get("tgWebAppThemeParams"));
  if (theme) dress(theme);

  // Only Telegram may show us in a frame; there a browser may keep nothing for us between two pages.
  const isFramed = parent !== window;
  const inTelegram = isFramed || Boolean(kept("telegram", told.has("tgWebAppVersion") ? "1" : ""));
  const tell = (eventType, eventData = {}) => {
    if (window.TelegramWebviewProxy) window.TelegramWebviewProxy.postEvent(eventType, JSON.stringify(eventData));
    else if (window.external && "notify" in window.external) window.external.notify(JSON.stringify({ eventType, eventData }));
    else if (isFramed) parent.postMessage(JSON.stringify({ eventType, eventData }), "*");
  };
  const hear = (eventType, eventData) => {
    if (eventType === "theme_changed" && eventData) dress(kept("theme", JSON.stringify(eventData.theme_params)));
    if (eventType === "back_button_pressed") history.back();
  };
  if (inTelegram) {
    window.Telegram = { WebView: { receiveEvent: hear } };
    window.TelegramGameProxy = { receiveEvent: hear };
    window.TelegramGameProxy_receiveEvent = hear;
    addEventListener("message", (event) => {
      if (event.source !== parent || !/^https:\/\/([a-z]+\.)?telegram\.org$/.test(event.origin)) return;
      try {
        const heard = JSON.parse(event.data);
        hear(heard.eventType, heard.eventData);
      } catch {
        // Not for us.
      }
    });
  }

  // Beside a wide text there is room for its contents.
  addEventListener("DOMContentLoaded", () => {
    if (innerWidth >= 1280) document.querySelector(".contents details")?.setAttribute("open", "");
  });

  // Words that are selected can be quoted: the server finds them after where their paragraph begins.
  const quoting = () => {
    const button = document.querySelector(".selected");
    const body = document.querySelector(".body");
    if (!button || !body) return;
    const link = button.firstElementChild;
    const base = link.getAttribute("href");
    document.addEventListener("selectionchange", () => {
      const chosen = getSelection();
      const words = chosen.rangeCount && body.contains(chosen.anchorNode) ? plain(chosen.getRangeAt(0)) : "";
      button.hidden = words.length < 2 || words.length > 600;
      if (button.hidden) return;
      const from = chosen.getRangeAt(0).startContainer.parentElement.closest("p")?.querySelector(".quote");
      const near = /c=(\d+)-/.exec(from?.getAttribute("href") || "");
      const told = new URLSearchParams({ w: words, ...(near ? { near: near[1] } : {}) });
      link.setAttribute("href", base + (base.includes("?") ? "&" : "?") + told);
    });
  };
  const plain = (range) => {
    const copy = range.cloneContents();
    for (const own of copy.querySelectorAll(".quote, .figures, .printed")) own.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  };

  // A private corpus opens to whom Telegram names; tried once for each opening, or a refusal would go on for ever.
  const initData = told.get("tgWebAppData");
  const wasTried = () => {
    try {
      const before = sessionStorage.getItem("entered");
      sessionStorage.setItem("entered", initData);
      return before === initData;
    } catch {
      return performance.getEntriesByType("navigation")[0]?.type === "reload";
    }
  };
  const enter = async () => {
    if (!initData || !document.body.dataset.shut || wasTried()) return;
    const answer = await fetch(own.dataset.session, { method: "POST", body: initData, credentials: "same-origin" });
    if (answer.ok) location.reload();
  };

  // Also when the page comes back out of the browser's memory.
  addEventListener("pageshow", () => {
    if (inTelegram) tell("web_app_setup_back_button", { is_visible: history.length > 1 && !initData });
  });

  addEventListener("DOMContentLoaded", () => {
    enter();
    quoting();
    if (inTelegram) {
      tell("web_app_ready");
      tell("web_app_expand");
      if (!theme) tell("web_app_request_theme");
    }
    const cited = document.getElementById("cited");
    if (cited && (!location.hash || told.has("tgWebAppVersion") || told.has("tgWebAppData"))) {
      cited.scrollIntoView({ block: "center", behavior: "instant" });
    }
    for (const button of document.querySelectorAll("[data-copy]")) {
      if (!navigator.clipboard) continue;
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
        button.textContent = button.dataset.done;
      });
    }
  });
})();
