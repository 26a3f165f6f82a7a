// Run by Node 24 with a folder and a version as arguments: downloads MongoDB's own build and prints its path.
import { MongoBinary } from 'mongodb-memory-server-core';

const [downloadDir, version] = process.argv.slice(2);
if (!downloadDir || !version) throw new Error('usage: vendor.mjs <folder> <version>');

process.stdout.write(`${await MongoBinary.getPath({ downloadDir, version, checkMD5: true })}\n`);
