@LV-42
Feature: A PIN opens inside its window only

  Scenario: Inside
    When a PIN is created for the next two hours
    Then the PIN opens in the middle of its window

  Scenario: Not before its start
    When a PIN is created that starts in three hours
    Then the PIN does not open now
    And the PIN does not open one second before its start
    And the PIN opens at its start

  Scenario: Not after its end
    When a PIN is created that starts in three hours
    Then the PIN opens one second before its end
    And the PIN does not open at its end
    And the PIN does not open one day after its end

  Scenario: A window finer than the vendor's unit
    When a PIN is asked for with odd minutes and seconds
    Then it holds as the documented rounding says, or is refused where that is documented

  Scenario: Clocks go forward
    When a PIN is created across the spring change in Oslo
    Then its window keeps its instants

  Scenario: Clocks go back
    When a PIN is created across the autumn change in Oslo
    Then its window keeps its instants
