// Small helps; every page works without them.
"use strict";

// Say that a file is too large before minutes are spent on sending it.
document.querySelectorAll("input[type=file][data-limit]").forEach((input) => {
  input.addEventListener("change", () => {
    const limit = Number(input.dataset.limit);
    const large = [...input.files].find((file) => file.size > limit);
    const megabytes = (bytes) => (bytes / 1048576).toFixed(1).replace(".", ",");
    let note = input.parentElement.querySelector(".live-error");
    if (!note) {
      note = document.createElement("p");
      note.className = "error live-error";
      note.setAttribute("role", "alert");
      input.before(note);
    }
    note.textContent = large
      ? `Fișierul „${large.name}” are ${megabytes(large.size)} MB, peste limita de ` +
        `${megabytes(limit)} MB. Alegeți altul.`
      : "";
    if (large) {
      input.value = "";
    }
  });
});

// One press, one submission; the server holds this too.
document.querySelectorAll("button[data-once]").forEach((button) => {
  button.form.addEventListener("submit", () => {
    setTimeout(() => {
      button.disabled = true;
      button.textContent = "Se trimite…";
    });
  });
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    window.location.reload();
  }
});

// After an error, start reading at what must be corrected.
const errors = document.getElementById("erori");
if (errors) {
  errors.focus();
}
