// Computes the SHA-256 of a picked file in the browser; the file itself is never sent.
// A plain script: the page loads nothing of the web client.
(() => {
    const answer = document.getElementById("answer");
    if (answer) {
        answer.focus();
    }
    const row = document.getElementById("file_row");
    const picker = document.getElementById("file");
    const states = document.querySelectorAll("#file_state > [data-state]");
    const digest = document.getElementById("sha256");
    // Browsers offer digests on secure pages only; otherwise the field stays typed.
    if (!window.crypto || !window.crypto.subtle) {
        return;
    }
    const show = (name) => {
        for (const state of states) {
            state.hidden = state.dataset.state !== name;
        }
    };
    row.hidden = false;
    picker.addEventListener("change", async () => {
        const [file] = picker.files;
        digest.value = "";
        if (!file) {
            show();
            return;
        }
        show("busy");
        try {
            const bytes = await file.arrayBuffer();
            const hash = await window.crypto.subtle.digest("SHA-256", bytes);
            digest.value = Array.from(new Uint8Array(hash), (byte) =>
                byte.toString(16).padStart(2, "0")
            ).join("");
            show("done");
        } catch {
            show("failed");
        }
    });
})();
