// Opens live pages in Chromium and prints a line whenever one of them has painted a replica's new word on an endpoint:
//   <milliseconds since 1970, by this host's clock> <page> <endpoint> <replica> <word>
// Ends when standard input does. Usage: page-watch CHROMIUM URL...
using Microsoft.Playwright;

const string Watch = """
    page => {
      const words = new Map();
      const look = () => {
        for (const cell of document.querySelectorAll("#matrix td[data-replica]")) {
          const key = `${cell.closest("tr").dataset.endpoint} ${cell.dataset.replica}`;
          const word = cell.querySelector(".mark").textContent;
          if (words.get(key) !== word) {
            words.set(key, word);
            console.log(`word ${Date.now()} ${page} ${key} ${word}`);
          }
        }
      };
      let due = false;
      new MutationObserver(() => {
        if (!due) {
          due = true;
          requestAnimationFrame(() => setTimeout(() => { due = false; look(); }));
        }
      }).observe(document.getElementById("matrix"), { subtree: true, childList: true, characterData: true });
      look();
    }
    """;

using var playwright = await Playwright.CreateAsync();
await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = args[0], Args = ["--no-sandbox"] });
foreach (var url in args[1..])
{
    var page = await browser.NewPageAsync();
    page.Console += (_, message) =>
    {
        if (message.Text.StartsWith("word ", StringComparison.Ordinal))
        {
            Console.WriteLine(message.Text["word ".Length..]);
        }
    };
    await page.GotoAsync(url);
    await page.EvaluateAsync(Watch, new Uri(url).Authority);
}

while (await Console.In.ReadLineAsync() is not null)
{
    // The parent process ends this by closing the pipe.
}
