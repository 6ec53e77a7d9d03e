/**
 * A form whose header keeps the daily buttons in sight and the others under "More".
 *
 * `<form js_class="pcu_more_buttons">`: header buttons with `data-more="1"` go into the
 * drop-down; the rest, and the status bar, keep the room. On a phone Odoo's own menu
 * takes all buttons, as always.
 */
import { registry } from "@web/core/registry";
import { FormCompiler } from "@web/views/form/form_compiler";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { StatusBarButtons } from "@web/views/form/status_bar_buttons/status_bar_buttons";

const MORE = "more_";

class MoreButtons extends StatusBarButtons {
    static template = "pcu_base.MoreButtons";

    get dailySlotNames() {
        return this.visibleSlotNames.filter((name) => !name.startsWith(MORE));
    }

    get moreSlotNames() {
        return this.visibleSlotNames.filter((name) => name.startsWith(MORE));
    }
}

export class MoreButtonsCompiler extends FormCompiler {
    /** Name the slots of the buttons that are meant for the drop-down. */
    compileHeader() {
        const header = super.compileHeader(...arguments);
        for (const slot of header.querySelector("StatusBarButtons").children) {
            const attrs = slot.querySelector("ViewButton")?.getAttribute("attrs");
            if (attrs && JSON.parse(attrs)["data-more"]) {
                slot.setAttribute("t-set-slot", MORE + slot.getAttribute("t-set-slot"));
            }
        }
        return header;
    }
}

export class MoreButtonsRenderer extends FormRenderer {
    static components = { ...FormRenderer.components, StatusBarButtons: MoreButtons };
}

export const moreButtonsFormView = {
    ...formView,
    Compiler: MoreButtonsCompiler,
    Renderer: MoreButtonsRenderer,
};

registry.category("views").add("pcu_more_buttons", moreButtonsFormView);
