{
    "name": "Fault: names (tests only)",
    "summary": "Server-wide: which names of platforms resolve, said by a file",
    "version": "19.0.1.0.0",
    "author": "PCU suite contributors",
    "license": "LGPL-3",
    "depends": ["base"],
    "post_load": "resolve_from_file",
}
