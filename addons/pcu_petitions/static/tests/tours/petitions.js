import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("pcu_petition_redirected", {
    steps: () => [
        { trigger: "button[name=action_redirect]", run: "click" },
        { trigger: ".modal div[name=authority_id] input", run: "edit Consiliul" },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains(Consiliul) a",
            run: "click",
        },
        { trigger: ".modal div[name=contact]:contains(Piața Unirii 1)" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: "div[name=joined]:contains(Consiliul Județean Exemplu)" },
        { trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains(Închisă)" },
    ],
});

registry.category("web_tour.tours").add("pcu_petition_anonymous", {
    steps: () => [
        { trigger: "div[name=identity_missing]:contains(art. 7)" },
        { trigger: "button[name=action_file_anonymous]", run: "click" },
        { trigger: ".modal .modal-footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains(Închisă)" },
    ],
});
