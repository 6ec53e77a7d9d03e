import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
// A busy machine draws the first screen late.
const PATIENCE = 60000;
const closed = { content: "the dialog is closed", trigger: "body:not(:has(.modal))" };

// The inspector misses a document and asks the applicant for it.
tours.add("pcu_certificate_ask", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button[name=action_ask_clarification]",
            timeout: PATIENCE,
            run: "click",
        },
        { trigger: ".modal div[name=text] textarea:value(Plan cadastral)" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        closed,
        { trigger: "div[name=waiting]:visible" },
    ],
});

// The answer came: a draft from a template.
tours.add("pcu_certificate_draft", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button[name=action_make_draft]",
            timeout: PATIENCE,
            run: "click",
        },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: ".o_form_view div[name=body]:contains(Țăranu)" },
        { trigger: ".o_form_view div[name=subject] input", run: "edit Certificat eliberat" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
    ],
});

// The draft goes with the proposal to the mayor.
tours.add("pcu_certificate_send", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button[name=action_decide].btn-primary",
            timeout: PATIENCE,
            run: "click",
        },
        { trigger: ".modal div[name=drafts]:visible" },
        { trigger: ".modal div[name=text] textarea", run: "edit Se eliberează." },
        { trigger: ".modal button[name=action_send]", run: "click" },
        closed,
        { trigger: "div[name=approval]:visible" },
    ],
});

// The mayor finds it under “To approve” and approves.
tours.add("pcu_certificate_approve", {
    steps: () => [
        {
            trigger: ".o_data_row td[name=entry_reference]",
            timeout: PATIENCE,
            run: "click",
        },
        { trigger: ".o_statusbar_buttons button[name=action_approve]", run: "click" },
        {
            trigger: ".o_form_view:not(:has(button[name=action_approve]))",
        },
    ],
});

// The inspector decides with the words that were approved.
tours.add("pcu_certificate_decide", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button[name=action_decide].btn-primary",
            timeout: PATIENCE,
            run: "click",
        },
        { trigger: ".modal div[name=approved]:visible" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        closed,
        { trigger: "div[name=outcome]:visible" },
    ],
});
