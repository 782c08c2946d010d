package io.evenstock.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.PooledConnection;
import org.postgresql.ds.PGConnectionPoolDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A data source without a server: one connection for everybody, one after the other. */
public final class OneConnection extends PGSimpleDataSource {
    private static final long serialVersionUID = 1L;

    private final transient PooledConnection pooled;

    private OneConnection(PooledConnection pooled) {
        this.pooled = pooled;
    }

    /** The product's SQL on a database, each statement a transaction of its own. */
    public static Sql to(String url, String user, String password) throws SQLException {
        PGConnectionPoolDataSource pool = new PGConnectionPoolDataSource();
        pool.setURL(url);
        pool.setUser(user);
        pool.setPassword(password);
        Sql sql = new Sql();
        sql.dataSource = new OneConnection(pool.getPooledConnection());
        return sql;
    }

    /** The product's SQL for several threads: a connection for each statement. */
    public static Sql each(String url, String user, String password) {
        PGSimpleDataSource connections = new PGSimpleDataSource();
        connections.setURL(url);
        connections.setUser(user);
        connections.setPassword(password);
        Sql sql = new Sql();
        sql.dataSource = connections;
        return sql;
    }

    /** The product's SQL within somebody's transaction. */
    public static Sql within(Connection transaction) {
        Connection kept = (Connection) Proxy.newProxyInstance(
                OneConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    try {
                        return method.invoke(transaction, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
        Sql sql = new Sql();
        sql.dataSource = new PGSimpleDataSource() {
            private static final long serialVersionUID = 1L;

            @Override
            public Connection getConnection() {
                return kept;
            }
        };
        return sql;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return pooled.getConnection();
    }
}
