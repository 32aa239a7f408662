@LV-46
Feature: A PIN for a lock that is offline

  Scenario: Success is never claimed for what did not happen
    Given a lock that is offline
    When a PIN is asked for on that lock
    Then it fails clearly, is pending where deferral is declared, or opens where no delivery is needed

  Scenario: When the lock returns
    Given a lock that is offline
    When a PIN is asked for on that lock
    And the lock comes back and the documented time for a creation has passed
    Then a refused PIN does not open, and a pending one does
