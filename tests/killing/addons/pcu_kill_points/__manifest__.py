{
    "name": "Kill points (tests only)",
    "summary": "Server-wide observer that ends a process at an armed point",
    "version": "19.0.1.0.0",
    "author": "PCU suite contributors",
    "license": "LGPL-3",
    "depends": ["base"],
    "post_load": "watch",
}
