// Builds the desk of registry Frappe, which has the sources of its bundles but no build script: what Frappe's own
// esbuild/ does, for one app and once. Run by assets.py in apps/frappe, beside the node_modules.
const fs = require("fs");
const path = require("path");
const esbuild = require("esbuild");
const sass = require("sass");
const vue = require("esbuild-plugin-vue3");

const [sites] = process.argv.slice(2);
const app = process.cwd();
const pub = path.join(app, "frappe/public");
const NOT_BUILT = /form_builder|workflow_builder/; // both want more packages, and an app's users never open them

const files = (folder) =>
	fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const found = path.join(folder, entry.name);
		return entry.isDirectory() ? files(found) : [found];
	});
const bundles = [...files(path.join(pub, "js")), ...files(path.join(pub, "scss"))].filter(
	(file) => /\.bundle\.(js|scss)$/.test(file) && !NOT_BUILT.test(file)
);

const asset_urls = {
	name: "asset urls stay as they are",
	setup: (build) => build.onResolve({ filter: /^\/assets\// }, (args) => ({ path: args.path, external: true })),
};
const html_templates = {
	name: "frappe.templates",
	setup: (build) =>
		build.onLoad({ filter: /\.html$/ }, (args) => {
			const html = fs.readFileSync(args.path, "utf-8").replace(/`/g, "\\`");
			return { contents: `frappe.templates["${path.parse(args.path).name}"] = \`${html}\`;` };
		}),
};
const stylesheets = {
	name: "sass",
	setup: (build) =>
		build.onLoad({ filter: /\.scss$/ }, (args) => {
			const node_modules = path.join(app, "node_modules");
			const importer = (url) => ({ file: url.replace(/^~/, "").replace(/\.css$/, "") });
			const options = { file: args.path, includePaths: [node_modules, app], importer, quietDeps: true };
			const contents = sass.renderSync({ ...options, logger: sass.Logger.silent }).css.toString();
			return { contents, loader: "css", resolveDir: path.dirname(args.path) };
		}),
};

function save(result) {
	const assets = {};
	const text = Object.fromEntries(result.outputFiles.map((file) => [path.relative(app, file.path), file.text]));
	for (const [name, output] of Object.entries(result.metafile.outputs)) {
		if (!output.entryPoint) continue;
		// the styles of Vue components come with their script, as Frappe expects
		const styles = name.endsWith(".js") && text[output.cssBundle];
		if (styles) text[name] = `frappe.dom.set_style(${JSON.stringify(styles)});\n${text[name]}`;
		assets[path.basename(output.entryPoint).replace(/scss$/, "css")] =
			"/assets/frappe/" + path.relative(pub, path.join(app, name));
		fs.mkdirSync(path.dirname(name), { recursive: true });
		fs.writeFileSync(name, text[name]);
	}
	for (const file of result.outputFiles.filter((file) => !/\.(js|css)$/.test(file.path)))
		fs.writeFileSync(file.path, file.contents);
	return assets;
}

async function main() {
	const outdir = path.join(pub, "dist");
	fs.rmSync(outdir, { recursive: true, force: true });
	const result = await esbuild.build({
		entryPoints: bundles,
		entryNames: "[ext]/[name].[hash]",
		assetNames: "[name].[hash]",
		outdir,
		target: ["es2017"],
		bundle: true,
		minify: true,
		metafile: true,
		write: false,
		logLevel: "error",
		nodePaths: [app, path.join(app, "node_modules")],
		loader: { ".eot": "file", ".ttf": "file", ".woff": "file", ".woff2": "file", ".svg": "file", ".png": "file" },
		define: {
			"process.env.NODE_ENV": '"production"',
			__VUE_OPTIONS_API__: "true",
			__VUE_PROD_DEVTOOLS__: "false",
		},
		plugins: [asset_urls, html_templates, stylesheets, vue()],
	});
	const assets = save(result);
	const styles = Object.entries(assets).filter(([name]) => name.endsWith(".css"));
	// from right to left: the same, unmirrored
	const rtl = Object.fromEntries(styles.map(([name, url]) => [`rtl_${name}`, url]));
	fs.writeFileSync(path.join(sites, "assets/assets-rtl.json"), JSON.stringify(rtl, null, 1));
	fs.writeFileSync(path.join(sites, "assets/assets.json"), JSON.stringify(assets, null, 1));
}

main().catch((error) => {
	console.error(String(error.message || error).split("\n").slice(0, 2).join(" "));
	process.exit(1);
});
