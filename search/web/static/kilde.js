// Makes the pages smoother; everything works without it.
"use strict";

// A ticked box or a chosen order shows its results at once.
for (const field of document.querySelectorAll("[data-submit]")) {
  field.addEventListener("change", () => field.form && field.form.requestSubmit());
}

// Empty fields stay out of the address.
for (const form of document.querySelectorAll("form[method=get]")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      const isDefault = field.name === "by" && field.value === "record";
      if (field.name && (field.value === "" || isDefault)) field.disabled = true;
    }
  });
}
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[method=get] :disabled, [form]:disabled")) field.disabled = false;
});

// What the query may go on as.
for (const field of document.querySelectorAll("input[data-suggest]")) {
  const list = document.getElementById(field.getAttribute("list"));
  let waiting = 0;
  let asked = "";
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const text = field.value;
      if (text.trim().length < 2 || text === asked) return;
      asked = text;
      try {
        const answer = await fetch(`${field.dataset.suggest}?${new URLSearchParams({ q: text })}`);
        if (!answer.ok || field.value !== text) return;
        const options = (await answer.json()).suggestions.map((suggestion) => {
          const option = document.createElement("option");
          option.value = suggestion;
          return option;
        });
        list.replaceChildren(...options);
      } catch {
        list.replaceChildren();
      }
    }, 150);
  });
}

// A citation is chosen whole, to be copied; where the browser lets us, a button does it.
for (const field of document.querySelectorAll("textarea[data-copy]")) {
  field.addEventListener("focus", () => field.select());
}
for (const button of document.querySelectorAll("button[data-copies]")) {
  if (!navigator.clipboard) continue;
  const said = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).value);
      button.textContent = button.dataset.done;
      setTimeout(() => (button.textContent = said), 2000);
    } catch {
      document.getElementById(button.dataset.copies).focus();
    }
  });
}
