// Shows new mail by itself: asks for a number that changes with each mail, and fetches the page again when it did.
"use strict";

const every = 400;

async function refresh() {
  const response = await fetch(location.href, { cache: "no-store" });
  if (!response.ok) {
    return;
  }
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const known = new Set([...document.querySelectorAll("#list a")].map((mail) => mail.getAttribute("href")));
  const following = "following" in document.body.dataset;
  for (const id of following ? ["status", "list", "detail"] : ["status", "list"]) {
    const list = document.getElementById(id);
    const scrolled = list.scrollTop;
    list.replaceChildren(...document.adoptNode(fresh.getElementById(id)).childNodes);
    list.scrollTop = scrolled;
  }
  for (const mail of document.querySelectorAll("#list a")) {
    if (!known.has(mail.getAttribute("href"))) {
      mail.classList.add("new");
    }
  }
  document.title = fresh.title;
  document.body.dataset.revision = fresh.body.dataset.revision;
}

async function look() {
  try {
    const response = await fetch("/revision", { cache: "no-store" });
    document.body.classList.toggle("stopped", !response.ok);
    if (response.ok && (await response.text()) !== document.body.dataset.revision) {
      await refresh();
    }
  } catch {
    document.body.classList.add("stopped");
  }
  setTimeout(look, every);
}

look();
