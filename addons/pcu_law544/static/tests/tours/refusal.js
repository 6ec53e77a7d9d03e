import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("pcu_law544_refused", {
    steps: () => [
        { trigger: "button[name=action_refuse_information]", run: "click" },
        { trigger: ".modal div[name=ground_id] input", run: "edit comerciale" },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains(comerciale) a",
            run: "click",
        },
        { trigger: ".modal div[name=law]:contains(lit. c)" },
        { trigger: ".modal div[name=reason] textarea", run: "edit Secrete comerciale." },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains(Soluționată)" },
    ],
});
