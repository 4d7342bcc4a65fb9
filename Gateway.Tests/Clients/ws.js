// Sends messages to an echo by the package ws, pings it, closes, and prints what came as JSON. Usage: node ws.js ws://HOST:PORT/PATH
const WebSocket = require('ws');

const socket = new WebSocket(process.argv[2]);
const sent = ['one', '', 'x'.repeat(300000), Buffer.alloc(70000, 7)];
const got = [];
let pongs = 0;
socket.on('open', () => { socket.ping(); sent.forEach((message) => socket.send(message)); });
socket.on('pong', () => pongs++);
socket.on('message', (data, isBinary) => {
  got.push(isBinary ? data : data.toString());
  if (got.length === sent.length) socket.close(1000, 'bye');
});
socket.on('error', (error) => { console.log(JSON.stringify({ error: error.message })); process.exit(1); });
socket.on('close', (code) => console.log(JSON.stringify({
  equal: sent.filter((message, i) => Buffer.compare(Buffer.from(message), Buffer.from(got[i] ?? 'missing')) === 0).length, pongs, code,
})));
