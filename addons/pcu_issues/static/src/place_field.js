/**
 * Picks a place: a click on a grid of degrees, or on the institution's own map.
 *
 * Nothing is fetched from outside unless the institution names a tile server.
 */
import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const TILE = 256;
const WIDTH = 512;
const HEIGHT = 320;
const [FARTHEST, NEAREST] = [8, 19];

/** Web Mercator, in pixels of a zoom level. */
export function toPixels(latitude, longitude, zoom) {
    const size = TILE * 2 ** zoom;
    const sine = Math.sin((latitude * Math.PI) / 180);
    return {
        x: ((longitude + 180) / 360) * size,
        y: (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * size,
    };
}

export function toPlace(x, y, zoom) {
    const size = TILE * 2 ** zoom;
    const angle = Math.PI * (1 - (2 * y) / size);
    return {
        latitude: (Math.atan(Math.sinh(angle)) * 180) / Math.PI,
        longitude: (x / size) * 360 - 180,
    };
}

export class PlaceField extends Component {
    static template = "pcu_issues.PlaceField";
    static props = { ...standardFieldProps };

    setup() {
        this.box = useRef("box");
        const [latitude, longitude, tiles] = (this.value || "45.9 24.9 ").split(" ");
        this.tiles = tiles;
        const known = this.place.latitude || this.place.longitude;
        this.state = useState({
            latitude: known ? this.place.latitude : Number(latitude),
            longitude: known ? this.place.longitude : Number(longitude),
            zoom: known ? 17 : 13,
        });
        this.width = WIDTH;
        this.height = HEIGHT;
    }

    get value() {
        return this.props.record.data[this.props.name];
    }
    get place() {
        const data = this.props.record.data;
        return { latitude: data.place_latitude, longitude: data.place_longitude };
    }
    get editable() {
        return this.props.record.data.is_open && this.props.record.isInEdition;
    }
    get corner() {
        const middle = toPixels(this.state.latitude, this.state.longitude, this.state.zoom);
        return { x: middle.x - WIDTH / 2, y: middle.y - HEIGHT / 2 };
    }
    get marker() {
        const { latitude, longitude } = this.place;
        if (!latitude && !longitude) {
            return false;
        }
        const { x, y } = toPixels(latitude, longitude, this.state.zoom);
        return { x: x - this.corner.x, y: y - this.corner.y };
    }
    /** Tiles of the institution's server, or squares of the grid. */
    get squares() {
        const { x, y } = this.corner;
        const squares = [];
        for (let column = Math.floor(x / TILE); column * TILE < x + WIDTH; column++) {
            for (let row = Math.floor(y / TILE); row * TILE < y + HEIGHT; row++) {
                const place = toPlace(column * TILE, row * TILE, this.state.zoom);
                squares.push({
                    key: `${this.state.zoom}/${column}/${row}`,
                    x: column * TILE - x,
                    y: row * TILE - y,
                    text: `${place.latitude.toFixed(4)}, ${place.longitude.toFixed(4)}`,
                    url: this.tiles
                        .replace("{z}", this.state.zoom)
                        .replace("{x}", column)
                        .replace("{y}", row),
                });
            }
        }
        return squares;
    }
    get label() {
        return this.editable ? _t("Click where it is") : _t("Place");
    }

    onClick(event) {
        if (!this.editable) {
            return;
        }
        const box = this.box.el.getBoundingClientRect();
        const x = ((event.clientX - box.left) * WIDTH) / box.width;
        const y = ((event.clientY - box.top) * HEIGHT) / box.height;
        const { latitude, longitude } = toPlace(
            this.corner.x + x,
            this.corner.y + y,
            this.state.zoom
        );
        this.props.record.update({
            place_latitude: Number(latitude.toFixed(6)),
            place_longitude: Number(longitude.toFixed(6)),
        });
    }
    zoomBy(step) {
        const zoom = this.state.zoom + step;
        this.state.zoom = Math.min(Math.max(zoom, FARTHEST), NEAREST);
    }
    moveBy(right, down) {
        const { latitude, longitude } = toPlace(
            this.corner.x + WIDTH / 2 + (right * WIDTH) / 3,
            this.corner.y + HEIGHT / 2 + (down * HEIGHT) / 3,
            this.state.zoom
        );
        Object.assign(this.state, { latitude, longitude });
    }
}

registry.category("fields").add("pcu_place", {
    component: PlaceField,
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "place_latitude", type: "float" },
        { name: "place_longitude", type: "float" },
        { name: "is_open", type: "boolean" },
    ],
});
