import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.analysis.common.CommonAnalysisModulePlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.index.mapper.MapperExtrasModulePlugin;
import org.opensearch.index.reindex.ReindexModulePlugin;
import org.opensearch.join.ParentJoinModulePlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessModulePlugin;
import org.opensearch.percolator.PercolatorModulePlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;
import org.opensearch.transport.TransportService;

/**
 * One node of OpenSearch in a process of its own, for tests: the server's own code without its start scripts.
 *
 * Its only argument is a folder that holds config/opensearch.yml. Once it listens, it writes the addresses of its HTTP
 * and transport ports to the file "addresses" there. It ends when its standard input does, so that it never outlives
 * the process that started it.
 */
public final class Server extends Node {
  private static final List<Class<? extends Plugin>> MODULES =
      List.of(
          CommonAnalysisModulePlugin.class,
          MapperExtrasModulePlugin.class,
          Netty4ModulePlugin.class,
          PainlessModulePlugin.class,
          ParentJoinModulePlugin.class,
          PercolatorModulePlugin.class,
          ReindexModulePlugin.class);

  private Server(Environment environment) {
    super(environment, MODULES.stream().map(Server::described).toList(), false);
  }

  private static PluginInfo described(Class<? extends Plugin> module) {
    String java = Integer.toString(Runtime.version().feature());
    String name = module.getName();
    return new PluginInfo(name, "a module", "NA", Version.CURRENT, java, name, List.of(), false);
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]).toAbsolutePath();
    Thread watcher = new Thread(Server::endWithInput, "end of input");
    watcher.setDaemon(true);
    watcher.start();
    Settings settings = Settings.builder().put(Environment.PATH_HOME_SETTING.getKey(), home.toString()).build();
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), home.resolve("config"), () -> "unnamed");
    Server server = new Server(environment);
    server.start();
    server.tellAddresses(home);
    Thread.currentThread().join();
  }

  private static void endWithInput() {
    try {
      while (System.in.read() != -1) {}
    } catch (IOException gone) {
      // as good as its end
    }
    Runtime.getRuntime().halt(0);
  }

  private void tellAddresses(Path home) throws IOException {
    Object http = injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress();
    Object transport = injector().getInstance(TransportService.class).boundAddress().publishAddress();
    Path written = Files.writeString(home.resolve("addresses.tmp"), http + "\n" + transport + "\n");
    Files.move(written, home.resolve("addresses"), StandardCopyOption.ATOMIC_MOVE);
  }
}
