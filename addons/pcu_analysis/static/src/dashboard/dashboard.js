import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, onWillStart, useState } from "@odoo/owl";

/**
 * What a head sees in the morning. All arithmetic is the server's; each figure is a
 * button that opens the requests behind it.
 */
export class RequestsDashboard extends Component {
    static template = "pcu_analysis.RequestsDashboard";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const before = this.props.state || {};
        this.state = useState({
            period: before.period || "month",
            department: before.department || "",
            report: null,
        });
        useSetupAction({
            getLocalState: () => ({
                period: this.state.period,
                department: this.state.department,
            }),
        });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.report = await this.orm.call("pcu.analysis", "get_figures", [], {
            period: this.state.period,
            department_id: Number(this.state.department) || false,
        });
    }

    choosePeriod(ev) {
        this.state.period = ev.target.value;
        return this.load();
    }

    chooseDepartment(ev) {
        this.state.department = ev.target.value;
        return this.load();
    }

    open(figure, title) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: title || figure.label,
            res_model: "pcu.request",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: figure.domain,
        });
    }

    openCell(row, column) {
        return this.open(row[column.key], `${row.label}: ${column.label}`);
    }

    fileUrl(kind) {
        const chosen = this.state.department ? `?department=${this.state.department}` : "";
        return `/pcu/analysis/${kind}/${this.state.period}${chosen}`;
    }

    /** A figure in words: what can't be told is a dash. */
    say(value) {
        return value === null ? "–" : value;
    }

    /** A figure that wants somebody's eye. */
    isAlarming(figure) {
        return ["late", "late_out"].includes(figure.key) && figure.value > 0;
    }

    /** The length of a bar, in percent of the longest one. */
    share(value, values) {
        return Math.round((100 * value) / Math.max(1, ...values));
    }

    get monthValues() {
        return this.state.report.months.flatMap((month) => [month.in, month.out]);
    }

    get ageValues() {
        return this.state.report.ages.map((age) => age.value);
    }

    get columns() {
        return [
            { key: "in", label: _t("Received") },
            { key: "out", label: _t("Solved") },
            { key: "late_out", label: _t("Solved late") },
            { key: "open", label: _t("Open") },
            { key: "late", label: _t("Overdue") },
        ];
    }
}

registry.category("actions").add("pcu_analysis.dashboard", RequestsDashboard);
