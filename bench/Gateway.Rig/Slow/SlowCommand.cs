using System.CommandLine;
using System.Globalization;
using System.Net;

namespace Gateway.Rig.Slow;

/// <summary><c>rig slow</c>: many slow uploads and downloads at once. Reports when all are in progress, and at the end how many were cut off.</summary>
internal static class SlowCommand
{
    public static Command Create()
    {
        var gateway = new Option<string>("--gateway") { Description = "address and port of the replica", Required = true };
        var uploads = new Option<int>("--uploads") { Description = "number of uploads", DefaultValueFactory = _ => 2000 };
        var downloads = new Option<int>("--downloads") { Description = "number of downloads", DefaultValueFactory = _ => 2000 };
        var upload = new Option<string>("--upload-path") { Description = "path of the uploads", DefaultValueFactory = _ => "/post" };
        var download = new Option<string>("--download-path") { Description = "path of the downloads, with a long answer", DefaultValueFactory = _ => "/1m" };
        var seconds = new Option<double>("--seconds") { Description = "duration in seconds", DefaultValueFactory = _ => 30 };
        var command = new Command("slow", "Uploads and downloads at 2 KiB per second each.") { gateway, uploads, downloads, upload, download, seconds };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            end.CancelAfter(TimeSpan.FromSeconds(parsed.GetValue(seconds)));
            var to = IPEndPoint.Parse(parsed.GetValue(gateway)!);
            var clients = new SlowClients(to, to.ToString());
            var (up, down) = (parsed.GetValue(uploads), parsed.GetValue(downloads));
            var all = Task.WhenAll(
                Enumerable.Range(0, up).Select(_ => clients.UploadAsync(parsed.GetValue(upload)!, end.Token))
                    .Concat(Enumerable.Range(0, down).Select(_ => clients.DownloadAsync(parsed.GetValue(download)!, end.Token))));
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            while (clients.Open + clients.Broken < up + down && !all.IsCompleted)
            {
                await look.WaitForNextTickAsync(CancellationToken.None);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"open={clients.Open} cut={clients.Broken}"));
            await all;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ended: open={clients.Open} cut={clients.Broken}"));
            return clients.Broken > 0 ? 1 : 0;
        });
        return command;
    }
}
