// Calls the echo service of the tests by @grpc/grpc-js in each of its four kinds, and prints what came as JSON. Usage: node grpc.js HOST:PORT
const grpc = require('@grpc/grpc-js');

const bytes = { serialize: (text) => Buffer.from(text), deserialize: (buffer) => buffer.toString() };
const method = (requestStream, responseStream) => ({
  path: '/test.Echo/Echo', requestStream, responseStream,
  requestSerialize: bytes.serialize, requestDeserialize: bytes.deserialize, responseSerialize: bytes.serialize, responseDeserialize: bytes.deserialize,
});
const Echo = grpc.makeGenericClientConstructor(
  { unary: method(false, false), client: method(true, false), server: method(false, true), duplex: method(true, true) }, 'Echo');
const echo = new Echo(process.argv[2], grpc.credentials.createInsecure());
const deadline = () => ({ deadline: Date.now() + 20000 });

const unary = (text) => new Promise((resolve) => echo.unary(text, new grpc.Metadata(), deadline(), (error, answer) => resolve(error ? error.code : answer)));
const client = () => new Promise((resolve) => {
  const call = echo.client(new grpc.Metadata(), deadline(), (error, answer) => resolve(error ? error.code : answer));
  call.end('alone');
});
const collect = (call) => new Promise((resolve) => {
  const got = [];
  call.on('data', (text) => got.push(text));
  call.on('error', (error) => resolve(error.code));
  call.on('end', () => resolve(got));
});
const server = () => collect(echo.server('once', new grpc.Metadata(), deadline()));
const duplex = async (count) => {
  const call = echo.duplex(new grpc.Metadata(), deadline());
  const got = collect(call);
  for (let i = 0; i < count; i++) call.write(`${i} ${'x'.repeat(i * 100)}`);
  call.end();
  const answers = await got;
  return Array.isArray(answers) ? answers.filter((text, i) => text === `${i} ${'x'.repeat(i * 100)}`).length : answers;
};

(async () => {
  const result = { unary: await unary('hello'), unknown: await unary('unknown'), client: await client(), server: await server(), duplex: await duplex(200) };
  echo.close();
  console.log(JSON.stringify(result));
})();
