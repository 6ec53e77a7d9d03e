"""Places on the earth: checking them and naming them; pure, no ``env``."""

#: South, west, north and east end of Romania, with some room (WGS 84).
SOUTH, WEST, NORTH, EAST = 43.5, 20.2, 48.4, 30.1


def is_in_romania(latitude: float, longitude: float) -> bool:
    """Tell whether a place may lie in Romania.

    >>> is_in_romania(44.18, 28.63), is_in_romania(28.63, 44.18)
    (True, False)
    """
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def geo_uri(latitude: float, longitude: float) -> str:
    """Return the address of a place that telephones open in their map (RFC 5870).

    >>> geo_uri(44.18, 28.6312345)
    'geo:44.180000,28.631235'
    """
    return f"geo:{latitude:.6f},{longitude:.6f}"


def map_url(latitude: float, longitude: float, zoom: int = 18) -> str:
    """Return the address of the place on OpenStreetMap; nothing is called.

    >>> map_url(44.18, 28.63)
    'https://www.openstreetmap.org/?mlat=44.180000&mlon=28.630000#map=18/44.180000/28.630000'
    """
    place = f"{latitude:.6f}", f"{longitude:.6f}"
    return (
        f"https://www.openstreetmap.org/?mlat={place[0]}&mlon={place[1]}"
        f"#map={zoom}/{place[0]}/{place[1]}"
    )
