import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("pcu_issue_place", {
    steps: () => [
        { trigger: ".nav-link[name=place]", run: "click" },
        {
            trigger: ".o_pcu_place svg:not(:has(image))",
            run() {
                const box = this.anchor.getBoundingClientRect();
                this.anchor.dispatchEvent(
                    new MouseEvent("click", {
                        bubbles: true,
                        clientX: box.left + box.width / 2,
                        clientY: box.top + box.height / 2,
                    })
                );
            },
        },
        { trigger: ".o_pcu_place svg circle" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_button_save:not(:visible)" },
        { trigger: ".o_field_widget[name=place_geo]:contains(geo:44.18)" },
    ],
});
