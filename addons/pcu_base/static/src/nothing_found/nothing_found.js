/**
 * A search that finds nothing says so.
 *
 * An empty list shows the action's help, such as "Nothing is entered yet": true of an
 * empty book, and read as the answer to a search it makes people enter things twice.
 */
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { ActionHelper } from "@web/views/action_helper";

patch(ActionHelper.prototype, {
    /** What was typed into the search bar; the filters of a screen are not meant. */
    get typedWords() {
        const facets = this.env.searchModel?.facets || [];
        return facets
            .filter((facet) => facet.type === "field")
            .flatMap((facet) => facet.values)
            .join(", ");
    },

    get nothingFits() {
        return _t("Nothing fits “%(words)s”", { words: this.typedWords });
    },
});
