@LV-34
Feature: A low battery is reported

  Scenario: The lock with the low battery
    Then the lock with a low battery is reported as low

  Scenario: No false alarm
    Then a working lock is not reported as low
