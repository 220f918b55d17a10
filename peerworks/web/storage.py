"""Static files with hashed names, also inside our scripts."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Rewrites `import … from "./other.js"` to the hashed name: only hashed files are kept."""

    support_js_module_import_aggregation = True
