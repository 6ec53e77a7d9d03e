import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

const SHOW = "PCU:SHOW-DOCUMENT";

/**
 * The documents of a record beside its facts; the record's model lists them by
 * `get_pane_documents`. What is shown comes from addresses that check the right to the
 * document and let nothing in it run.
 */
export class DocumentPane extends Component {
    static template = "pcu_base.DocumentPane";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ documents: [], shown: null, preview: null, file: null, broken: false });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => this.load(props));
        useBus(this.env.bus, SHOW, ({ detail }) => this.show(detail));
    }

    /** Read the list anew: after each act a document may have come or gone. */
    async load({ record }) {
        if (!record.resId) {
            Object.assign(this.state, { documents: [], shown: null, preview: null });
            return;
        }
        const documents = await this.orm.call(record.resModel, "get_pane_documents", [
            [record.resId],
        ]);
        this.state.documents = documents;
        if (!this.shown) {
            const first = documents.find(({ main }) => main) || documents[0];
            await this.show(first?.id || null);
        }
    }

    async show(id) {
        Object.assign(this.state, { shown: id, preview: null, file: null, broken: false });
        if (id) {
            const preview = await this.orm.call("pcu.document", "get_preview", [[id]]);
            if (this.state.shown === id) {
                this.state.preview = preview;
                this.state.file = preview.files?.[0] || null;
            }
        }
    }

    get shown() {
        return this.state.documents.find(({ id }) => id === this.state.shown);
    }

    get title() {
        return this.shown ? this.shown.place || this.shown.name : _t("Documents");
    }

    /** What the frame or the picture shows: the document or the file inside it. */
    get drawn() {
        const { preview, file } = this.state;
        const drawn = preview?.kind === "signed" ? file : preview;
        return drawn?.url && !this.state.broken ? drawn : null;
    }

    get message() {
        const { preview, broken, file } = this.state;
        if (broken) {
            return _t("The picture is damaged and can't be shown. Download it.");
        }
        if (preview?.kind === "signed" && !preview.files.length) {
            return _t("This is a signature that stands beside its file; no file lies in it.");
        }
        if (preview?.kind === "signed" && file && !file.url) {
            return _t("The file inside is not shown in the browser. Download the container.");
        }
        return preview?.message || "";
    }

    /** The buttons of the checklist and of lists of documents. */
    static announce(env, action) {
        env.bus.trigger(SHOW, action.params.document_id);
    }
}

registry.category("view_widgets").add("pcu_document_pane", { component: DocumentPane });
registry.category("actions").add("pcu_show_document", DocumentPane.announce);
