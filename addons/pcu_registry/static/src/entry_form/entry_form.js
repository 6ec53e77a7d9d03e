/** The form of an entry: only what has no number yet can be deleted. */
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { moreButtonsFormView } from "@pcu_base/more_buttons/more_buttons";

class EntryFormController extends FormController {
    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        const deletable = items.delete.isAvailable;
        items.delete.isAvailable = () => deletable() && this.model.root.data.state === "draft";
        return items;
    }

    get deleteConfirmationDialogProps() {
        return {
            ...super.deleteConfirmationDialogProps,
            title: _t("Delete this draft?"),
            body: _t("It has no number yet. What was typed and the files added to it are deleted."),
            cancelLabel: _t("Keep it"),
        };
    }
}

registry
    .category("views")
    .add("pcu_register_entry_form", { ...moreButtonsFormView, Controller: EntryFormController });
