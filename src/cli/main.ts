import { createJiti } from "jiti";
if (process.argv[2] === "projenrc") { createJiti(process.cwd() + "/").import(process.cwd() + "/.projenrc.ts").catch((e) => { console.error(e); process.exit(1); }); }
else { process.exit(0); }
