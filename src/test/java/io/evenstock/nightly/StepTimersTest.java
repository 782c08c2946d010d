package io.evenstock.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenstock.settings.Settings;
import io.evenstock.settings.SettingsReader;
import jakarta.ejb.EJBException;
import jakarta.ejb.ScheduleExpression;
import jakarta.ejb.Timer;
import jakarta.ejb.TimerConfig;
import jakarta.ejb.TimerService;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** With a server's timers that can refuse to make one, which no server does when asked to. */
class StepTimersTest {
    private static final Settings MOVED = new SettingsReader(name -> Optional.ofNullable(Map.of(
                            "evenstock.zone", "Asia/Tokyo",
                            "evenstock.schedule.list", "22:00",
                            "evenstock.schedule.filter", "22:30")
                    .get(name)))
            .read();

    private final Map<Timer, String> server = new LinkedHashMap<>();
    private final TimerService timers = as(TimerService.class, this::answer);
    private final StepTimers stepTimers = new StepTimers();
    private int refusals;

    StepTimersTest() {
        List.of("list", "filter", "carry on", "reset", "variance").forEach(info -> add(info, info));
    }

    @Test
    void theSettingsTimersComeInThePlaceOfTheDefaultsOnce() {
        stepTimers.adjust(timers, MOVED);
        List<String> moved = List.of("carry on", "filter 22:30", "list 22:0", "reset 2:0", "variance 3:0");
        assertEquals(moved, fires());
        stepTimers.adjust(timers, MOVED);
        assertEquals(moved, fires());
    }

    @Test
    void aTimerThatCannotBeMadeLeavesTheOneThatIsThereAndIsMadeTheNextTime() {
        refusals = 1;
        assertThrows(EJBException.class, () -> stepTimers.adjust(timers, MOVED));
        assertEquals(List.of("carry on", "filter", "list", "reset", "variance"), fires());

        stepTimers.adjust(timers, MOVED);
        assertEquals(List.of("carry on", "filter 22:30", "list 22:0", "reset 2:0", "variance 3:0"), fires());
    }

    private List<String> fires() {
        return server.values().stream().sorted().toList();
    }

    private @Nullable Object answer(Method method, @Nullable Object... arguments) {
        if (method.getName().equals("getTimers")) {
            return List.copyOf(server.keySet());
        }
        if (refusals-- > 0) {
            throw new EJBException("no timer can be made");
        }
        ScheduleExpression when = (ScheduleExpression) arguments[0];
        String info = String.valueOf(((TimerConfig) arguments[1]).getInfo());
        return add(info, info + " " + when.getHour() + ":" + when.getMinute());
    }

    private Timer add(String info, String fires) {
        Timer[] made = new Timer[1];
        made[0] = as(Timer.class, (method, arguments) -> switch (method.getName()) {
            case "getInfo" -> info;
            case "cancel" -> server.remove(made[0]);
            case "hashCode" -> System.identityHashCode(made);
            case "equals" -> arguments[0] == made[0];
            default -> throw new UnsupportedOperationException(method.getName());
        });
        server.put(made[0], fires);
        return made[0];
    }

    private static <T> T as(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> answer.to(method, given)));
    }

    @FunctionalInterface
    private interface Answer {
        @Nullable
        Object to(Method method, @Nullable Object... arguments);
    }
}
