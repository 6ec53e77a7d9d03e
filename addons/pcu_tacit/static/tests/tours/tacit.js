import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("pcu_tacit_warned", {
    steps: () => [
        {
            trigger: ".o_data_row td:contains(Acord de funcționare)",
            timeout: 60000, // a busy machine draws the first screen late
            run: "click",
        },
        { trigger: "div[name=tacit_near]:contains(OUG 27/2003)" },
        { trigger: "button[name=action_decide]", run: "click" },
        { trigger: ".modal div[name=text] textarea", run: "edit Nu este asigurat accesul." },
        { trigger: ".modal .o_radio_input[data-value=unfavourable]", run: "click" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains(Soluționată)" },
        { trigger: "body:not(:has(div[name=tacit_near]))" },
    ],
});
